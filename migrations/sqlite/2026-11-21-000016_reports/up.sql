-- What reports read, and nothing but that: each figure is one scan of one of these.

-- Everything a figure of clocks groups by and adds up.
DROP INDEX clocks_report;
CREATE INDEX clocks_report ON clocks (target, outcome_at, is_counted, is_restricted, outcome, priority, record_kind, team_id, service_id, agreement_id, organisation_id, reported_at, stopped_at, elapsed_micros, paused_micros, id);
-- The list of breaches, newest first; those of a team; and those under terms that were changed since.
CREATE INDEX clocks_breached ON clocks (target, breached_at, id) WHERE breached_at IS NOT NULL;
CREATE INDEX clocks_breached_team ON clocks (team_id, breached_at, id) WHERE breached_at IS NOT NULL;
CREATE INDEX clocks_superseded ON clocks (target, breached_at, is_restricted) WHERE is_superseded = TRUE;
-- What is due next.
CREATE INDEX clocks_due ON clocks (due_at, id) WHERE outcome = 'running';
-- What came in and what was finished.
-- Whether it is restricted stands first: every figure asks for it, and no list of records is read by it.
CREATE INDEX records_reported ON records (is_restricted, reported_at, kind, channel, service_id, category_id, is_open, reopens, handoffs, has_instants, id);
CREATE INDEX records_resolved ON records (resolved_at, id, is_restricted, kind, reported_at, reopens) WHERE resolved_at IS NOT NULL;
-- What ended otherwise.
CREATE INDEX records_ended ON records (closed_at, id, is_restricted, kind) WHERE resolved_at IS NULL AND closed_at IS NOT NULL;
-- Why clocks stood still.
CREATE INDEX holds_report ON holds (started_at, record_id, reason, ended_at);
-- Exemptions that wait for a second person.
CREATE INDEX exemptions_waiting ON exemptions (asked_at) WHERE approved_at IS NULL;
