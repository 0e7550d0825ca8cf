-- The fair order: work that waits is not forgotten.

-- A record's place in it: since when it waits, until when it may (its allowance, later by what it was
-- paused), and since when it is paused.
ALTER TABLE records ADD COLUMN entered_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00';
ALTER TABLE records ADD COLUMN virtual_deadline timestamptz NOT NULL DEFAULT '9999-12-31 00:00:00+00';
ALTER TABLE records ADD COLUMN paused_since timestamptz;

-- What waits already has waited since its first fact, or since it was taken up again.
UPDATE records SET entered_at = coalesce(
    (SELECT max(f.occurred_at) FROM facts f WHERE f.subject_id = records.id AND f.name = records.kind || '.reopened'),
    (SELECT f.occurred_at FROM facts f WHERE f.subject_id = records.id AND f.position = 1),
    created_at
) WHERE is_open = TRUE;
UPDATE records SET virtual_deadline = entered_at
    + CASE kind WHEN 'incident' THEN 4 WHEN 'request' THEN 48 WHEN 'problem' THEN 240 ELSE 360 END * interval '1 hour'
    + coalesce((
        SELECT sum(greatest(interval '0', h.ended_at - greatest(h.started_at, records.entered_at)))
        FROM holds h WHERE h.record_id = records.id AND h.ended_at IS NOT NULL
    ), interval '0')
WHERE is_open = TRUE AND kind IN ('incident', 'request', 'problem', 'action');
UPDATE records SET paused_since = (
    SELECT min(h.started_at) FROM holds h WHERE h.record_id = records.id AND h.ended_at IS NULL
) WHERE is_open = TRUE AND state_group = 'waiting';

-- What nobody has taken, in the order in which it is pulled; and what pulls are reserved for.
CREATE INDEX records_fair ON records (team_id, virtual_deadline, id)
    WHERE is_open = TRUE AND assignee_id IS NULL AND state_group = 'open';
CREATE INDEX records_fair_reserved ON records (team_id, virtual_deadline, id)
    WHERE is_open = TRUE AND assignee_id IS NULL AND state_group = 'open' AND kind IN ('problem', 'action');
-- The oldest of each kind.
CREATE INDEX records_entered ON records (kind, entered_at, id) WHERE is_open = TRUE;

-- How many pulls in a row took nothing reserved.
CREATE TABLE fair_turns (
    team_id uuid NOT NULL PRIMARY KEY REFERENCES teams (id),
    since integer NOT NULL
);
