-- Pieces of work on a record, in order. Each is given to a team or to a person, never to both.
CREATE TABLE tasks (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    place INTEGER NOT NULL,
    title TEXT NOT NULL,
    team_id BLOB REFERENCES teams (id),
    assignee_id BLOB REFERENCES people (id),
    -- 9999-12-31 when there is no date.
    due_at INTEGER NOT NULL,
    blocking INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX tasks_record ON tasks (record_id, place);
CREATE INDEX tasks_assignee ON tasks (assignee_id, state, due_at, id);
CREATE INDEX tasks_team ON tasks (team_id, state, due_at, id);
