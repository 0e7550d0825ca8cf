-- Approvals: policies in versions, boards, delegations; rounds with who is asked, what was said, and
-- what exactly they were asked about. What a round has come to is counted from its events; the row
-- keeps that answer.

CREATE TABLE approval_policies (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    is_retired INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE approval_policy_versions (
    id BLOB NOT NULL PRIMARY KEY,
    policy_id BLOB NOT NULL REFERENCES approval_policies (id),
    number INTEGER NOT NULL,
    -- In force from here on.
    saved_at INTEGER NOT NULL,
    is_retired INTEGER NOT NULL,
    definition TEXT NOT NULL,
    UNIQUE (policy_id, number)
) STRICT;

CREATE TABLE boards (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    chair_id BLOB REFERENCES people (id),
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE board_members (
    board_id BLOB NOT NULL REFERENCES boards (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    PRIMARY KEY (board_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX board_members_person ON board_members (person_id);

CREATE TABLE delegations (
    id BLOB NOT NULL PRIMARY KEY,
    from_id BLOB NOT NULL REFERENCES people (id),
    to_id BLOB NOT NULL REFERENCES people (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- Taken back before its end.
    ended_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX delegations_to ON delegations (to_id, ends_at);
CREATE INDEX delegations_from ON delegations (from_id, ends_at);

CREATE TABLE rounds (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    -- The first of its record is 1.
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    policy_version_id BLOB NOT NULL REFERENCES approval_policy_versions (id),
    electorate TEXT NOT NULL,
    digest TEXT NOT NULL,
    bounds_from INTEGER,
    bounds_to INTEGER,
    opened_at INTEGER NOT NULL,
    opened_by_id BLOB REFERENCES people (id),
    -- The far future where it has all the time.
    decide_by INTEGER NOT NULL,
    -- What its events come to: nothing while it goes on.
    decision TEXT,
    decided_at INTEGER,
    suspended_at INTEGER,
    -- When somebody has to look again: a deadline, a reminder.
    wake_at INTEGER,
    reminded_at INTEGER,
    -- How many conditions of meetings are not met yet.
    open_conditions INTEGER NOT NULL,
    events INTEGER NOT NULL,
    UNIQUE (record_id, number)
) STRICT;
CREATE INDEX rounds_wake ON rounds (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX rounds_decided ON rounds (decided_at, id);

-- What they are asked about, as it was then.
CREATE TABLE round_contents (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    place INTEGER NOT NULL,
    part TEXT NOT NULL,
    -- Key of its label.
    label TEXT NOT NULL,
    -- How the text is read: as it stands, as a key of the catalogue, as an instant (one that may move, too), as names with ids.
    shape TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (round_id, place)
) STRICT, WITHOUT ROWID;

-- Who sits where now.
CREATE TABLE round_seats (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    stage INTEGER NOT NULL,
    seat INTEGER NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    -- Asked and not answered.
    is_waiting INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (round_id, stage, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX round_seats_waiting ON round_seats (person_id, due_at, round_id, stage, seat) WHERE is_waiting = TRUE;
CREATE INDEX round_seats_person ON round_seats (person_id, round_id);

CREATE TABLE round_events (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- voted, withdrawn, vacated, met, suspended, continued, closed, asked, answered.
    what TEXT NOT NULL,
    stage INTEGER,
    seat INTEGER,
    choice TEXT,
    person_id BLOB REFERENCES people (id),
    behalf_id BLOB REFERENCES people (id),
    heir_id BLOB REFERENCES people (id),
    text TEXT NOT NULL,
    -- When the meeting was.
    met_at INTEGER,
    PRIMARY KEY (round_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX round_events_person ON round_events (person_id, round_id) WHERE text <> '';

-- Who was there when a meeting decided.
CREATE TABLE round_present (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    n INTEGER NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    PRIMARY KEY (round_id, n, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE round_conditions (
    round_id BLOB NOT NULL REFERENCES rounds (id),
    place INTEGER NOT NULL,
    -- Of which stage, which may be another one's place in the next round.
    stage INTEGER NOT NULL,
    text TEXT NOT NULL,
    met_at INTEGER,
    met_by_id BLOB REFERENCES people (id),
    PRIMARY KEY (round_id, place)
) STRICT, WITHOUT ROWID;

-- One-time links: only their hash.
CREATE TABLE round_links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    round_id BLOB NOT NULL REFERENCES rounds (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX round_links_round ON round_links (round_id, person_id);

-- Who sees a record because they were asked about it.
CREATE TABLE asked (
    person_id BLOB NOT NULL REFERENCES people (id),
    record_id BLOB NOT NULL REFERENCES records (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_record ON asked (record_id);
