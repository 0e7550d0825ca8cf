-- Approvals: policies in versions, boards, delegations; rounds with who is asked, what was said, and
-- what exactly they were asked about. What a round has come to is counted from its events; the row
-- keeps that answer.

CREATE TABLE approval_policies (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    is_retired boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE approval_policy_versions (
    id uuid NOT NULL PRIMARY KEY,
    policy_id uuid NOT NULL REFERENCES approval_policies (id),
    number integer NOT NULL,
    -- In force from here on.
    saved_at timestamptz NOT NULL,
    is_retired boolean NOT NULL,
    definition text NOT NULL,
    UNIQUE (policy_id, number)
);

CREATE TABLE boards (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    chair_id uuid REFERENCES people (id),
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE TABLE board_members (
    board_id uuid NOT NULL REFERENCES boards (id),
    person_id uuid NOT NULL REFERENCES people (id),
    PRIMARY KEY (board_id, person_id)
);
CREATE INDEX board_members_person ON board_members (person_id);

CREATE TABLE delegations (
    id uuid NOT NULL PRIMARY KEY,
    from_id uuid NOT NULL REFERENCES people (id),
    to_id uuid NOT NULL REFERENCES people (id),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- Taken back before its end.
    ended_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX delegations_to ON delegations (to_id, ends_at);
CREATE INDEX delegations_from ON delegations (from_id, ends_at);

CREATE TABLE rounds (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    -- The first of its record is 1.
    number integer NOT NULL,
    revision integer NOT NULL,
    policy_version_id uuid NOT NULL REFERENCES approval_policy_versions (id),
    electorate text NOT NULL,
    digest text NOT NULL,
    bounds_from timestamptz,
    bounds_to timestamptz,
    opened_at timestamptz NOT NULL,
    opened_by_id uuid REFERENCES people (id),
    -- The far future where it has all the time.
    decide_by timestamptz NOT NULL,
    -- What its events come to: nothing while it goes on.
    decision text COLLATE "C",
    decided_at timestamptz,
    suspended_at timestamptz,
    -- When somebody has to look again: a deadline, a reminder.
    wake_at timestamptz,
    reminded_at timestamptz,
    -- How many conditions of meetings are not met yet.
    open_conditions integer NOT NULL,
    events integer NOT NULL,
    UNIQUE (record_id, number)
);
CREATE INDEX rounds_wake ON rounds (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX rounds_decided ON rounds (decided_at, id);

-- What they are asked about, as it was then.
CREATE TABLE round_contents (
    round_id uuid NOT NULL REFERENCES rounds (id),
    place integer NOT NULL,
    part text COLLATE "C" NOT NULL,
    -- Key of its label.
    label text COLLATE "C" NOT NULL,
    -- How the text is read: as it stands, as a key of the catalogue, as an instant (one that may move, too), as names with ids.
    shape text COLLATE "C" NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (round_id, place)
);

-- Who sits where now.
CREATE TABLE round_seats (
    round_id uuid NOT NULL REFERENCES rounds (id),
    stage integer NOT NULL,
    seat integer NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    -- Asked and not answered.
    is_waiting boolean NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (round_id, stage, seat)
);
CREATE INDEX round_seats_waiting ON round_seats (person_id, due_at, round_id, stage, seat) WHERE is_waiting = TRUE;
CREATE INDEX round_seats_person ON round_seats (person_id, round_id);

CREATE TABLE round_events (
    round_id uuid NOT NULL REFERENCES rounds (id),
    n integer NOT NULL,
    at timestamptz NOT NULL,
    -- voted, withdrawn, vacated, met, suspended, continued, closed, asked, answered.
    what text COLLATE "C" NOT NULL,
    stage integer,
    seat integer,
    choice text COLLATE "C",
    person_id uuid REFERENCES people (id),
    behalf_id uuid REFERENCES people (id),
    heir_id uuid REFERENCES people (id),
    text text NOT NULL,
    -- When the meeting was.
    met_at timestamptz,
    PRIMARY KEY (round_id, n)
);
CREATE INDEX round_events_person ON round_events (person_id, round_id) WHERE text <> '';

-- Who was there when a meeting decided.
CREATE TABLE round_present (
    round_id uuid NOT NULL REFERENCES rounds (id),
    n integer NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id),
    PRIMARY KEY (round_id, n, person_id)
);

CREATE TABLE round_conditions (
    round_id uuid NOT NULL REFERENCES rounds (id),
    place integer NOT NULL,
    -- Of which stage, which may be another one's place in the next round.
    stage integer NOT NULL,
    text text NOT NULL,
    met_at timestamptz,
    met_by_id uuid REFERENCES people (id),
    PRIMARY KEY (round_id, place)
);

-- One-time links: only their hash.
CREATE TABLE round_links (
    token_hash bytea NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES rounds (id),
    person_id uuid NOT NULL REFERENCES people (id),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX round_links_round ON round_links (round_id, person_id);

-- Who sees a record because they were asked about it.
CREATE TABLE asked (
    person_id uuid NOT NULL REFERENCES people (id),
    record_id uuid NOT NULL REFERENCES records (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (person_id, record_id)
);
CREATE INDEX asked_record ON asked (record_id);
