-- The desk: people, services, records of four kinds, what is said on them, and the journal.
--
-- Kinds are rows of a table and no CHECK lists them; the states of a kind are the practice's, the
-- spine knows only their group. Ids are UUID v7, instants UTC microseconds.

CREATE TABLE kinds (
    kind TEXT NOT NULL PRIMARY KEY,
    prefix TEXT NOT NULL UNIQUE,
    last_number INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO kinds (kind, prefix) VALUES
    ('incident', 'INC'), ('request', 'REQ'), ('problem', 'PRB'), ('change', 'CHG');

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People and what they may do -----------------------------------------------------------------

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    mail_key TEXT UNIQUE,
    phone TEXT NOT NULL,
    staff_number TEXT UNIQUE,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    theme TEXT NOT NULL,
    single_keys INTEGER NOT NULL,
    roles INTEGER NOT NULL,
    password_hash TEXT,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX people_name ON people (name, id);

-- One row per word by which a person can be found.
CREATE TABLE person_words (
    word TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (word, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_words_person ON person_words (person_id);

CREATE TABLE teams (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    lead_id BLOB REFERENCES people (id),
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE team_members (
    person_id BLOB NOT NULL REFERENCES people (id),
    team_id BLOB NOT NULL REFERENCES teams (id),
    PRIMARY KEY (person_id, team_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_team ON team_members (team_id);

-- Only the SHA-256 of a token is kept. An ended session stays a day, so that a form posted on it
-- can be parked for its person.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    address TEXT NOT NULL,
    device TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE one_time_links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    person_id BLOB REFERENCES people (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

-- What a form made, by the form's random key: a second post is answered with the first result.
CREATE TABLE submissions (
    form_key BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    location TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX submissions_at ON submissions (at);

-- A form posted on an ended session, kept a day for its person only.
CREATE TABLE parked_forms (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX parked_forms_person ON parked_forms (person_id, at);

-- A file that came with a form which had to come back: kept a day for its person, so that it need
-- not be chosen again.
CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_at ON uploads (at);

-- Services, categories, priorities, codes -----------------------------------------------------

CREATE TABLE services (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    owner_id BLOB REFERENCES people (id),
    team_id BLOB REFERENCES teams (id),
    criticality INTEGER NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE categories (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    team_id BLOB REFERENCES teams (id),
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

-- The levels of impact, urgency and priority, and the matrix from the first two to the third.
CREATE TABLE levels (
    scale TEXT NOT NULL,
    level INTEGER NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    PRIMARY KEY (scale, level)
) STRICT, WITHOUT ROWID;
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
    impact INTEGER NOT NULL,
    urgency INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    PRIMARY KEY (impact, urgency)
) STRICT, WITHOUT ROWID;
INSERT INTO priority_matrix (impact, urgency, priority) VALUES
    (1, 1, 1), (1, 2, 2), (2, 1, 2), (2, 2, 3), (3, 1, 3), (1, 3, 3), (2, 3, 4), (3, 2, 4), (3, 3, 4);

-- Hold, resolution and cancellation codes. `behaviour` is what the rules know a code by; a code
-- without one is the administrator's own.
CREATE TABLE codes (
    list TEXT NOT NULL,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    behaviour TEXT NOT NULL,
    position INTEGER NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (list, code)
) STRICT, WITHOUT ROWID;
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
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES kinds (kind),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    requester_id BLOB REFERENCES people (id),
    service_id BLOB REFERENCES services (id),
    category_id BLOB REFERENCES categories (id),
    team_id BLOB REFERENCES teams (id),
    assignee_id BLOB REFERENCES people (id),
    channel TEXT NOT NULL,
    impact INTEGER NOT NULL,
    urgency INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    priority_source TEXT NOT NULL,
    priority_reason TEXT NOT NULL,
    state TEXT NOT NULL,
    state_group TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    next_due_at INTEGER NOT NULL,
    resolved_at INTEGER,
    closed_at INTEGER,
    reassignments INTEGER NOT NULL,
    reopens INTEGER NOT NULL,
    version INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    facts_head BLOB NOT NULL,
    description TEXT NOT NULL,
    UNIQUE (kind, number)
) STRICT;
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
    id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    first_contact INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The number a record has in the system it was imported from.
CREATE TABLE external_ids (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    UNIQUE (source, external_id)
) STRICT;

-- How many open records stand where, kept by the writes, so that a count never scans records.
-- The nil id stands for "nobody" and "no team".
CREATE TABLE record_tallies (
    kind TEXT NOT NULL,
    state_group TEXT NOT NULL,
    team_id BLOB NOT NULL,
    assignee_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (kind, state_group, team_id, assignee_id)
) STRICT, WITHOUT ROWID;

-- One stay in waiting. The open one has no end.
CREATE TABLE holds (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    reason TEXT NOT NULL,
    behaviour TEXT NOT NULL,
    supplier TEXT NOT NULL,
    supplier_case TEXT NOT NULL,
    for_record_id BLOB REFERENCES records (id),
    resume_at INTEGER NOT NULL,
    state_before TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX holds_record ON holds (record_id, started_at);
CREATE INDEX holds_resume ON holds (ended_at, resume_at);
CREATE INDEX holds_for ON holds (for_record_id, ended_at);

-- How a record was resolved or cancelled; a former resolution stays, marked superseded.
CREATE TABLE resolutions (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    list TEXT NOT NULL,
    code TEXT NOT NULL,
    code_label TEXT NOT NULL,
    text TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    team_id BLOB REFERENCES teams (id),
    at INTEGER NOT NULL,
    superseded_at INTEGER
) STRICT;
CREATE INDEX resolutions_record ON resolutions (record_id, at);

CREATE TABLE links (
    id BLOB NOT NULL PRIMARY KEY,
    from_id BLOB NOT NULL REFERENCES records (id),
    to_id BLOB NOT NULL REFERENCES records (id),
    link_type TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    UNIQUE (from_id, to_id, link_type)
) STRICT;
CREATE INDEX links_to ON links (to_id);

CREATE TABLE watchers (
    record_id BLOB NOT NULL REFERENCES records (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX watchers_person ON watchers (person_id);

-- What is said on a record. `audience` is read into two types, never into an if.
CREATE TABLE entries (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    audience TEXT NOT NULL,
    channel TEXT NOT NULL,
    author_id BLOB REFERENCES people (id),
    author_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX entries_record ON entries (record_id, at, id);

CREATE TABLE attachments (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    entry_id BLOB REFERENCES entries (id),
    audience TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_record ON attachments (record_id, at);
CREATE INDEX attachments_content ON attachments (content);

-- The journal ----------------------------------------------------------------------------------

CREATE TABLE facts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor_id BLOB,
    behalf_id BLOB,
    door TEXT NOT NULL,
    data TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (subject_id, position)
) STRICT;

-- The texts and personal labels of facts, with their salts. A row can be erased; the fact holds
-- only the hash and its chain stays whole.
CREATE TABLE fact_texts (
    fact_seq INTEGER NOT NULL REFERENCES facts (seq),
    slot INTEGER NOT NULL,
    salt BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (fact_seq, slot)
) STRICT, WITHOUT ROWID;

-- Chained daily: the heads of every chain that grew since the checkpoint before.
CREATE TABLE checkpoints (
    number INTEGER NOT NULL PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    chains INTEGER NOT NULL,
    at INTEGER NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- Search -----------------------------------------------------------------------------------------

-- Every text that can be found, folded, in the order it was recorded. Public and internal text
-- are indexed apart.
CREATE TABLE search_texts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id BLOB NOT NULL REFERENCES records (id),
    entry_id BLOB,
    audience TEXT NOT NULL
) STRICT;
CREATE INDEX search_texts_record ON search_texts (record_id);
CREATE VIRTUAL TABLE search_public USING fts5 (body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0", detail = full, prefix = '3');
CREATE VIRTUAL TABLE search_internal USING fts5 (body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0", detail = full, prefix = '3');

-- Import and scheduled work ---------------------------------------------------------------------

CREATE TABLE imported_rows (
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    revision TEXT NOT NULL,
    row_hash BLOB NOT NULL,
    PRIMARY KEY (source, external_id, revision, row_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
    name TEXT NOT NULL PRIMARY KEY,
    next_run_at INTEGER NOT NULL,
    last_run_at INTEGER,
    lease_token INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER
) STRICT, WITHOUT ROWID;

-- The journal only grows. (With recursive_triggers on, REPLACE meets the delete trigger too.)
CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
