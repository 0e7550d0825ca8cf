-- Pieces of work on a record, in order. Each is given to a team or to a person, never to both.
CREATE TABLE tasks (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    place integer NOT NULL,
    title text NOT NULL,
    team_id uuid REFERENCES teams (id),
    assignee_id uuid REFERENCES people (id),
    -- 9999-12-31 when there is no date.
    due_at timestamptz NOT NULL,
    blocking boolean NOT NULL,
    state text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX tasks_record ON tasks (record_id, place);
CREATE INDEX tasks_assignee ON tasks (assignee_id, state, due_at, id);
CREATE INDEX tasks_team ON tasks (team_id, state, due_at, id);
