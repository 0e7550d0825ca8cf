-- Lists of finished records, narrowed to one service, category, channel, team, person or kind, in each
-- order. A page is read where it begins, so that a service without a single record costs as little as
-- one with a million. Only finished records are in them: logging and working a record pays nothing,
-- finishing it pays once. What is not here has an index of the first migration (team, assignee and
-- kind by priority, kind by number), or is small (all records of one requester are sorted).
-- A sorted column compares bytes, as in SQLite.
ALTER TABLE records ALTER COLUMN channel TYPE text COLLATE "C";
CREATE INDEX records_done_service_priority ON records (service_id, priority, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_service_opened ON records (service_id, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_service_updated ON records (service_id, updated_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_service_number ON records (service_id, kind, number) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_category_priority ON records (category_id, priority, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_category_opened ON records (category_id, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_category_updated ON records (category_id, updated_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_category_number ON records (category_id, kind, number) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_channel_priority ON records (channel, priority, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_channel_opened ON records (channel, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_channel_updated ON records (channel, updated_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_channel_number ON records (channel, kind, number) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_team_opened ON records (team_id, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_team_updated ON records (team_id, updated_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_team_number ON records (team_id, kind, number) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_assignee_opened ON records (assignee_id, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_assignee_updated ON records (assignee_id, updated_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_assignee_number ON records (assignee_id, kind, number) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_kind_opened ON records (kind, reported_at, id) WHERE is_open IS NOT TRUE;
CREATE INDEX records_done_kind_updated ON records (kind, updated_at, id) WHERE is_open IS NOT TRUE;
