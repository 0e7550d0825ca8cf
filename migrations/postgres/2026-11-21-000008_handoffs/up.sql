-- A record has two teams: one works on it, one owns it and answers to the caller. What was handed from
-- one working team to another is counted on the record; a row here says from whom to whom, and which
-- internal note says what was tried and what is wanted.
ALTER TABLE records ADD COLUMN owner_team_id uuid REFERENCES teams (id);
ALTER TABLE records ADD COLUMN handoffs integer NOT NULL DEFAULT 0;
-- Open records that another team works on, of one owner, most urgent first.
CREATE INDEX records_by_owner ON records (is_open, owner_team_id, priority, reported_at, id) WHERE is_open = TRUE AND team_id <> owner_team_id;

CREATE TABLE handoffs (
    record_id uuid NOT NULL REFERENCES records (id),
    -- The first of its record is 1.
    n integer NOT NULL,
    from_team_id uuid NOT NULL REFERENCES teams (id),
    to_team_id uuid NOT NULL REFERENCES teams (id),
    entry_id uuid NOT NULL REFERENCES entries (id),
    -- So many characters of the note say what was tried, the rest what is wanted.
    tried_chars integer NOT NULL,
    -- The note that says why it was sent back; empty while it was not.
    returned_entry_id uuid REFERENCES entries (id),
    PRIMARY KEY (record_id, n)
);

-- How many open records of one owner another team works on, kept by the writes.
CREATE TABLE handover_tallies (
    owner_team_id uuid NOT NULL,
    team_id uuid NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (owner_team_id, team_id)
);
