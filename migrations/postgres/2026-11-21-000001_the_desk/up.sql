-- The desk: people, services, records of four kinds, what is said on them, and the journal.
--
-- Kinds are rows of a table and no CHECK lists them; the states of a kind are the practice's, the
-- spine knows only their group. Ids are UUID v7, instants UTC microseconds.

CREATE TABLE kinds (
    kind text COLLATE "C" NOT NULL PRIMARY KEY,
    prefix text COLLATE "C" NOT NULL UNIQUE,
    last_number bigint NOT NULL DEFAULT 0
);
INSERT INTO kinds (kind, prefix) VALUES
    ('incident', 'INC'), ('request', 'REQ'), ('problem', 'PRB'), ('change', 'CHG');

CREATE TABLE settings (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- People and what they may do -----------------------------------------------------------------

CREATE TABLE people (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    mail text COLLATE "C" NOT NULL,
    mail_key text COLLATE "C" UNIQUE,
    phone text NOT NULL,
    staff_number text COLLATE "C" UNIQUE,
    language text NOT NULL,
    zone text NOT NULL,
    theme text NOT NULL,
    single_keys boolean NOT NULL,
    roles integer NOT NULL,
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX people_name ON people (name, id);

-- One row per word by which a person can be found.
CREATE TABLE person_words (
    word text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (word, person_id)
);
CREATE INDEX person_words_person ON person_words (person_id);

CREATE TABLE teams (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    lead_id uuid REFERENCES people (id),
    disabled_at timestamptz,
    version bigint NOT NULL
);

CREATE TABLE team_members (
    person_id uuid NOT NULL REFERENCES people (id),
    team_id uuid NOT NULL REFERENCES teams (id),
    PRIMARY KEY (person_id, team_id)
);
CREATE INDEX team_members_team ON team_members (team_id);

-- Only the SHA-256 of a token is kept. An ended session stays a day, so that a form posted on it
-- can be parked for its person.
CREATE TABLE sessions (
    token_hash bytea NOT NULL PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    device text NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE one_time_links (
    token_hash bytea NOT NULL PRIMARY KEY,
    purpose text NOT NULL,
    person_id uuid REFERENCES people (id),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- What a form made, by the form's random key: a second post is answered with the first result.
CREATE TABLE submissions (
    form_key uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    location text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX submissions_at ON submissions (at);

-- A form posted on an ended session, kept a day for its person only.
CREATE TABLE parked_forms (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    path text NOT NULL,
    body text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX parked_forms_person ON parked_forms (person_id, at);

-- A file that came with a form which had to come back: kept a day for its person, so that it need
-- not be chosen again.
CREATE TABLE uploads (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    content text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX uploads_at ON uploads (at);

-- Services, categories, priorities, codes -----------------------------------------------------

CREATE TABLE services (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    owner_id uuid REFERENCES people (id),
    team_id uuid REFERENCES teams (id),
    criticality integer NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);

CREATE TABLE categories (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    team_id uuid REFERENCES teams (id),
    disabled_at timestamptz,
    version bigint NOT NULL
);

-- The levels of impact, urgency and priority, and the matrix from the first two to the third.
CREATE TABLE levels (
    scale text COLLATE "C" NOT NULL,
    level integer NOT NULL,
    name text NOT NULL,
    hint text NOT NULL,
    PRIMARY KEY (scale, level)
);
INSERT INTO levels (scale, level, name, hint) VALUES
    ('impact', 1, 'High', 'the whole company, or a major site'),
    ('impact', 2, 'Medium', 'many people, or a team'),
    ('impact', 3, 'Low', 'one person'),
    ('urgency', 1, 'High', 'cannot work'),
    ('urgency', 2, 'Medium', 'can limp on'),
    ('urgency', 3, 'Low', 'can wait'),
    ('priority', 1, 'Critical', ''),
    ('priority', 2, 'High', ''),
    ('priority', 3, 'Moderate', ''),
    ('priority', 4, 'Low', '');

CREATE TABLE priority_matrix (
    impact integer NOT NULL,
    urgency integer NOT NULL,
    priority integer NOT NULL,
    PRIMARY KEY (impact, urgency)
);
INSERT INTO priority_matrix (impact, urgency, priority) VALUES
    (1, 1, 1), (1, 2, 2), (2, 1, 2), (2, 2, 3), (3, 1, 3), (1, 3, 3), (2, 3, 4), (3, 2, 4), (3, 3, 4);

-- Hold, resolution and cancellation codes. `behaviour` is what the rules know a code by; a code
-- without one is the administrator's own.
CREATE TABLE codes (
    list text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    label text NOT NULL,
    behaviour text NOT NULL,
    position integer NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (list, code)
);
INSERT INTO codes (list, code, label, behaviour, position) VALUES
    ('hold', 'requester', 'Requester', 'requester', 1),
    ('hold', 'appointment', 'Agreed appointment', 'appointment', 2),
    ('hold', 'supplier', 'Supplier', 'supplier', 3),
    ('hold', 'change', 'Change', 'change', 4),
    ('hold', 'problem', 'Problem', 'problem', 5),
    ('hold', 'other', 'Other', 'other', 6),
    ('resolution', 'fixed', 'Fixed', '', 1),
    ('resolution', 'workaround', 'Workaround given', '', 2),
    ('resolution', 'advice', 'Advice or training given', '', 3),
    ('resolution', 'supplier_fixed', 'Fixed by the supplier', '', 4),
    ('resolution', 'not_reproducible', 'Could not be reproduced', '', 5),
    ('resolution', 'no_answer', 'No answer from requester', '', 6),
    ('cancellation', 'duplicate', 'Duplicate', '', 1),
    ('cancellation', 'withdrawn', 'Withdrawn', '', 2),
    ('cancellation', 'raised_in_error', 'Raised in error', '', 3),
    ('cancellation', 'reclassified', 'Re-classified', '', 4);

-- The spine ------------------------------------------------------------------------------------

CREATE TABLE records (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL REFERENCES kinds (kind),
    number bigint NOT NULL,
    title text NOT NULL,
    requester_id uuid REFERENCES people (id),
    service_id uuid REFERENCES services (id),
    category_id uuid REFERENCES categories (id),
    team_id uuid REFERENCES teams (id),
    assignee_id uuid REFERENCES people (id),
    channel text NOT NULL,
    impact integer NOT NULL,
    urgency integer NOT NULL,
    priority integer NOT NULL,
    priority_source text NOT NULL,
    priority_reason text NOT NULL,
    state text COLLATE "C" NOT NULL,
    state_group text COLLATE "C" NOT NULL,
    is_open boolean NOT NULL,
    created_at timestamptz NOT NULL,
    reported_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    next_due_at timestamptz NOT NULL,
    resolved_at timestamptz,
    closed_at timestamptz,
    reassignments integer NOT NULL,
    reopens integer NOT NULL,
    version bigint NOT NULL,
    facts bigint NOT NULL,
    facts_head bytea NOT NULL,
    description text NOT NULL,
    UNIQUE (kind, number)
);
CREATE INDEX records_by_priority ON records (is_open, priority, reported_at, id);
CREATE INDEX records_by_kind ON records (is_open, kind, priority, reported_at, id);
CREATE INDEX records_by_team ON records (is_open, team_id, priority, reported_at, id);
CREATE INDEX records_by_assignee ON records (is_open, assignee_id, priority, reported_at, id);
CREATE INDEX records_by_group ON records (is_open, state_group, priority, reported_at, id);
CREATE INDEX records_by_updated ON records (is_open, updated_at, id);
CREATE INDEX records_by_reported ON records (is_open, reported_at, id);
CREATE INDEX records_by_number ON records (is_open, kind, number);
CREATE INDEX records_by_requester ON records (requester_id, is_open, reported_at, id);
CREATE INDEX records_by_resolved ON records (state, resolved_at);

-- What only an incident has.
CREATE TABLE incidents (
    id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    first_contact boolean NOT NULL
);

-- The number a record has in the system it was imported from.
CREATE TABLE external_ids (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    source text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    UNIQUE (source, external_id)
);

-- How many open records stand where, kept by the writes, so that a count never scans records.
-- The nil id stands for "nobody" and "no team".
CREATE TABLE record_tallies (
    kind text COLLATE "C" NOT NULL,
    state_group text COLLATE "C" NOT NULL,
    team_id uuid NOT NULL,
    assignee_id uuid NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (kind, state_group, team_id, assignee_id)
);

-- One stay in waiting. The open one has no end.
CREATE TABLE holds (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    reason text COLLATE "C" NOT NULL,
    behaviour text COLLATE "C" NOT NULL,
    supplier text NOT NULL,
    supplier_case text NOT NULL,
    for_record_id uuid REFERENCES records (id),
    resume_at timestamptz NOT NULL,
    state_before text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX holds_record ON holds (record_id, started_at);
CREATE INDEX holds_resume ON holds (ended_at, resume_at);
CREATE INDEX holds_for ON holds (for_record_id, ended_at);

-- How a record was resolved or cancelled; a former resolution stays, marked superseded.
CREATE TABLE resolutions (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    list text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    code_label text NOT NULL,
    text text NOT NULL,
    by_id uuid REFERENCES people (id),
    team_id uuid REFERENCES teams (id),
    at timestamptz NOT NULL,
    superseded_at timestamptz
);
CREATE INDEX resolutions_record ON resolutions (record_id, at);

CREATE TABLE links (
    id uuid NOT NULL PRIMARY KEY,
    from_id uuid NOT NULL REFERENCES records (id),
    to_id uuid NOT NULL REFERENCES records (id),
    link_type text COLLATE "C" NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    UNIQUE (from_id, to_id, link_type)
);
CREATE INDEX links_to ON links (to_id);

CREATE TABLE watchers (
    record_id uuid NOT NULL REFERENCES records (id),
    person_id uuid NOT NULL REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (record_id, person_id)
);
CREATE INDEX watchers_person ON watchers (person_id);

-- What is said on a record. `audience` is read into two types, never into an if.
CREATE TABLE entries (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    audience text COLLATE "C" NOT NULL,
    channel text NOT NULL,
    author_id uuid REFERENCES people (id),
    author_name text NOT NULL,
    at timestamptz NOT NULL,
    body text NOT NULL
);
CREATE INDEX entries_record ON entries (record_id, at, id);

CREATE TABLE attachments (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    entry_id uuid REFERENCES entries (id),
    audience text COLLATE "C" NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    content text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL
);
CREATE INDEX attachments_record ON attachments (record_id, at);
CREATE INDEX attachments_content ON attachments (content);

-- The journal ----------------------------------------------------------------------------------

CREATE TABLE facts (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    position bigint NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor_id uuid,
    behalf_id uuid,
    door text NOT NULL,
    data text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    UNIQUE (subject_id, position)
);

-- The texts and personal labels of facts, with their salts. A row can be erased; the fact holds
-- only the hash and its chain stays whole.
CREATE TABLE fact_texts (
    fact_seq bigint NOT NULL REFERENCES facts (seq),
    slot integer NOT NULL,
    salt bytea NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (fact_seq, slot)
);

-- Chained daily: the heads of every chain that grew since the checkpoint before.
CREATE TABLE checkpoints (
    number bigint NOT NULL PRIMARY KEY,
    last_seq bigint NOT NULL,
    chains bigint NOT NULL,
    at timestamptz NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);

-- Search -----------------------------------------------------------------------------------------

-- Every text that can be found, folded, in the order it was recorded. Public and internal text
-- are indexed apart.
CREATE TABLE search_texts (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    entry_id uuid,
    audience text COLLATE "C" NOT NULL,
    terms tsvector NOT NULL
);
CREATE INDEX search_texts_record ON search_texts (record_id);
CREATE INDEX search_texts_public ON search_texts USING gin (terms) WHERE audience = 'public';
CREATE INDEX search_texts_internal ON search_texts USING gin (terms) WHERE audience = 'internal';

-- Import and scheduled work ---------------------------------------------------------------------

CREATE TABLE imported_rows (
    source text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL,
    row_hash bytea NOT NULL,
    PRIMARY KEY (source, external_id, revision, row_hash)
);

CREATE TABLE schedules (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    next_run_at timestamptz NOT NULL,
    last_run_at timestamptz,
    lease_token bigint NOT NULL DEFAULT 0,
    lease_until timestamptz
);

-- The journal only grows.
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER facts_no_truncate BEFORE TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();
