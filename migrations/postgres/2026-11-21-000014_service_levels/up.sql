-- Service levels: calendars and agreements in versions, the clocks that follow from them, and what
-- people add to a clock's result. A clock's row can be thrown away and made again from the facts.

CREATE TABLE calendars (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    is_retired boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE calendar_versions (
    id uuid NOT NULL PRIMARY KEY,
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    number integer NOT NULL,
    -- In force from here on.
    from_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    definition text NOT NULL,
    UNIQUE (calendar_id, number)
);

CREATE TABLE agreements (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    -- sla, ola, underpinning.
    kind text COLLATE "C" NOT NULL,
    is_retired boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE agreement_versions (
    id uuid NOT NULL PRIMARY KEY,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    number integer NOT NULL,
    from_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    is_retired boolean NOT NULL,
    definition text NOT NULL,
    UNIQUE (agreement_id, number)
);

-- One row: another revision whenever a definition was saved. What is compiled is kept by it.
CREATE TABLE catalogue_state (
    only_one integer NOT NULL PRIMARY KEY,
    revision uuid NOT NULL
);
INSERT INTO catalogue_state (only_one, revision) VALUES (1, '00000000-0000-0000-0000-000000000000');

-- What the facts come to: one row a cycle of a record's target, and one more for terms that a breach
-- stood under before they were changed.
CREATE TABLE clocks (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    target text COLLATE "C" NOT NULL,
    cycle integer NOT NULL,
    part integer NOT NULL,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    agreement_version_id uuid NOT NULL REFERENCES agreement_versions (id),
    calendar_version_id uuid NOT NULL REFERENCES calendar_versions (id),
    -- running, paused, stopped, ended.
    phase text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    -- The far future where there is none: while paused.
    due_at timestamptz NOT NULL,
    risk_at timestamptz NOT NULL,
    stopped_at timestamptz,
    breached_at timestamptz,
    target_micros bigint NOT NULL,
    elapsed_micros bigint NOT NULL,
    paused_micros bigint NOT NULL,
    -- Position of the fact that met it.
    met_by bigint,
    -- When somebody has to look again.
    wake_at timestamptz,
    -- running, met, breached, ended, exempt.
    outcome text COLLATE "C" NOT NULL,
    outcome_at timestamptz NOT NULL,
    is_counted boolean NOT NULL,
    is_superseded boolean NOT NULL,
    is_imported boolean NOT NULL,
    is_restricted boolean NOT NULL,
    -- As they were at the outcome; until then, as they are.
    record_kind text COLLATE "C" NOT NULL,
    priority integer NOT NULL,
    service_id uuid,
    team_id uuid,
    organisation_id uuid,
    category_id uuid,
    assignee_id uuid,
    supplier text COLLATE "C" NOT NULL,
    reported_at timestamptz NOT NULL,
    UNIQUE (record_id, target, cycle, part)
);
CREATE INDEX clocks_wake ON clocks (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX clocks_open ON clocks (agreement_id, id) WHERE stopped_at IS NULL;
-- Reports: everything they group by, so that they read nothing but this.
CREATE INDEX clocks_report ON clocks (target, outcome_at, is_counted, is_restricted, outcome, priority, record_kind, team_id, service_id, agreement_id, organisation_id, category_id, id);

-- What was done for a clock, once each: a breach that was told, a step of the escalation.
CREATE TABLE clock_steps (
    record_id uuid NOT NULL REFERENCES records (id),
    target text COLLATE "C" NOT NULL,
    cycle integer NOT NULL,
    part integer NOT NULL,
    step text COLLATE "C" NOT NULL,
    fired_at timestamptz NOT NULL,
    PRIMARY KEY (record_id, target, cycle, part, step)
);

CREATE TABLE breach_reasons (
    record_id uuid NOT NULL REFERENCES records (id),
    target text COLLATE "C" NOT NULL,
    cycle integer NOT NULL,
    part integer NOT NULL,
    code text COLLATE "C" NOT NULL,
    text text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (record_id, target, cycle, part)
);

CREATE TABLE exemptions (
    record_id uuid NOT NULL REFERENCES records (id),
    target text COLLATE "C" NOT NULL,
    cycle integer NOT NULL,
    reason text NOT NULL,
    asked_by_id uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    -- A second person; until then it counts.
    approved_by_id uuid REFERENCES people (id),
    approved_at timestamptz,
    PRIMARY KEY (record_id, target, cycle)
);

-- Periods whose figures are settled.
CREATE TABLE closed_periods (
    id uuid NOT NULL PRIMARY KEY,
    from_at timestamptz NOT NULL UNIQUE,
    to_at timestamptz NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by_id uuid NOT NULL REFERENCES people (id),
    hash bytea NOT NULL,
    figures text NOT NULL
);

-- What a person is told, here.
CREATE TABLE notices (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    at timestamptz NOT NULL,
    what text COLLATE "C" NOT NULL,
    data text NOT NULL,
    read_at timestamptz
);
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL;

-- What the queue shows and orders by, besides next_due_at.
ALTER TABLE records ADD COLUMN next_risk_at timestamptz NOT NULL DEFAULT '9999-12-31 00:00:00+00';
ALTER TABLE records ADD COLUMN clock_state text COLLATE "C" NOT NULL DEFAULT 'none';
CREATE INDEX records_by_due ON records (is_open, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_team_due ON records (is_open, team_id, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_assignee_due ON records (is_open, assignee_id, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_kind_due ON records (is_open, kind, next_due_at, id) WHERE is_open = TRUE;
CREATE INDEX records_by_group_due ON records (is_open, state_group, next_due_at, id) WHERE is_open = TRUE;
