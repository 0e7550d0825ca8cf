-- Service levels: calendars and agreements in versions, the clocks that follow from them, and what
-- people add to a clock's result. A clock's row can be thrown away and made again from the facts.

CREATE TABLE calendars (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    is_retired INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE calendar_versions (
    id BLOB NOT NULL PRIMARY KEY,
    calendar_id BLOB NOT NULL REFERENCES calendars (id),
    number INTEGER NOT NULL,
    -- In force from here on.
    from_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    definition TEXT NOT NULL,
    UNIQUE (calendar_id, number)
) STRICT;

CREATE TABLE agreements (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- sla, ola, underpinning.
    kind TEXT NOT NULL,
    is_retired INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE agreement_versions (
    id BLOB NOT NULL PRIMARY KEY,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    number INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    is_retired INTEGER NOT NULL,
    definition TEXT NOT NULL,
    UNIQUE (agreement_id, number)
) STRICT;

-- One row: another revision whenever a definition was saved. What is compiled is kept by it.
CREATE TABLE catalogue_state (
    only_one INTEGER NOT NULL PRIMARY KEY,
    revision BLOB NOT NULL
) STRICT;
INSERT INTO catalogue_state (only_one, revision) VALUES (1, zeroblob(16));

-- What the facts come to: one row a cycle of a record's target, and one more for terms that a breach
-- stood under before they were changed.
CREATE TABLE clocks (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    target TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    part INTEGER NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    agreement_version_id BLOB NOT NULL REFERENCES agreement_versions (id),
    calendar_version_id BLOB NOT NULL REFERENCES calendar_versions (id),
    -- running, paused, stopped, ended.
    phase TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    -- The far future where there is none: while paused.
    due_at INTEGER NOT NULL,
    risk_at INTEGER NOT NULL,
    stopped_at INTEGER,
    breached_at INTEGER,
    target_micros INTEGER NOT NULL,
    elapsed_micros INTEGER NOT NULL,
    paused_micros INTEGER NOT NULL,
    -- Position of the fact that met it.
    met_by INTEGER,
    -- When somebody has to look again.
    wake_at INTEGER,
    -- running, met, breached, ended, exempt.
    outcome TEXT NOT NULL,
    outcome_at INTEGER NOT NULL,
    is_counted INTEGER NOT NULL,
    is_superseded INTEGER NOT NULL,
    is_imported INTEGER NOT NULL,
    is_restricted INTEGER NOT NULL,
    -- As they were at the outcome; until then, as they are.
    record_kind TEXT NOT NULL,
    priority INTEGER NOT NULL,
    service_id BLOB,
    team_id BLOB,
    organisation_id BLOB,
    category_id BLOB,
    assignee_id BLOB,
    supplier TEXT NOT NULL,
    reported_at INTEGER NOT NULL,
    UNIQUE (record_id, target, cycle, part)
) STRICT;
CREATE INDEX clocks_wake ON clocks (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX clocks_open ON clocks (agreement_id, id) WHERE stopped_at IS NULL;
-- Reports: everything they group by, so that they read nothing but this.
CREATE INDEX clocks_report ON clocks (target, outcome_at, is_counted, is_restricted, outcome, priority, record_kind, team_id, service_id, agreement_id, organisation_id, category_id, id);

-- What was done for a clock, once each: a breach that was told, a step of the escalation.
CREATE TABLE clock_steps (
    record_id BLOB NOT NULL REFERENCES records (id),
    target TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    part INTEGER NOT NULL,
    step TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    PRIMARY KEY (record_id, target, cycle, part, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE breach_reasons (
    record_id BLOB NOT NULL REFERENCES records (id),
    target TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    part INTEGER NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, target, cycle, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE exemptions (
    record_id BLOB NOT NULL REFERENCES records (id),
    target TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    reason TEXT NOT NULL,
    asked_by_id BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    -- A second person; until then it counts.
    approved_by_id BLOB REFERENCES people (id),
    approved_at INTEGER,
    PRIMARY KEY (record_id, target, cycle)
) STRICT, WITHOUT ROWID;

-- Periods whose figures are settled.
CREATE TABLE closed_periods (
    id BLOB NOT NULL PRIMARY KEY,
    from_at INTEGER NOT NULL UNIQUE,
    to_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    closed_by_id BLOB NOT NULL REFERENCES people (id),
    hash BLOB NOT NULL,
    figures TEXT NOT NULL
) STRICT;

-- What a person is told, here.
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL;

-- What the queue shows and orders by, besides next_due_at.
ALTER TABLE records ADD COLUMN next_risk_at INTEGER NOT NULL DEFAULT 253402214400000000;
ALTER TABLE records ADD COLUMN clock_state TEXT NOT NULL DEFAULT 'none';
CREATE INDEX records_by_due ON records (is_open, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_team_due ON records (is_open, team_id, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_assignee_due ON records (is_open, assignee_id, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_kind_due ON records (is_open, kind, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_group_due ON records (is_open, state_group, next_due_at, id) WHERE is_open = TRUE;
