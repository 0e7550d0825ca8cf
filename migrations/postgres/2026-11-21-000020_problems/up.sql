-- Problems: workarounds, contributing factors, known errors.

-- What only a problem has.
CREATE TABLE problems (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    workaround text NOT NULL,
    watched_days integer NOT NULL,
    verify_until timestamptz,
    review_at timestamptz
);
CREATE INDEX problems_verify ON problems (verify_until, record_id) WHERE verify_until IS NOT NULL;
CREATE INDEX problems_review ON problems (review_at, record_id) WHERE review_at IS NOT NULL;

-- What contributed. The label is kept: a kind that is not offered any more stays readable.
CREATE TABLE factors (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    position integer NOT NULL,
    code text COLLATE "C" NOT NULL,
    code_label text NOT NULL,
    text text NOT NULL,
    evidence text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE INDEX factors_record ON factors (record_id, position, id);
CREATE INDEX factors_code ON factors (code, record_id);
CREATE INDEX factors_by ON factors (by_id);

-- A known error: a publication on a problem, offered until it is retired.
CREATE TABLE known_errors (
    problem_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    version bigint NOT NULL,
    audience text COLLATE "C" NOT NULL,
    retired text COLLATE "C" NOT NULL,
    retired_at timestamptz,
    retired_by_id uuid REFERENCES people (id),
    retired_reason text NOT NULL
);
CREATE INDEX known_errors_retired_by ON known_errors (retired_by_id);

CREATE TABLE known_error_versions (
    problem_id uuid NOT NULL REFERENCES records (id),
    version bigint NOT NULL,
    symptoms text NOT NULL,
    workaround text NOT NULL,
    audience text COLLATE "C" NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (problem_id, version)
);
CREATE INDEX known_error_versions_by ON known_error_versions (by_id);

-- The words it is recognised by.
CREATE TABLE known_error_words (
    word text COLLATE "C" NOT NULL,
    problem_id uuid NOT NULL REFERENCES records (id),
    PRIMARY KEY (word, problem_id)
);
CREATE INDEX known_error_words_problem ON known_error_words (problem_id);

-- On which incidents it was offered and why, and what came of it.
CREATE TABLE known_error_offers (
    incident_id uuid NOT NULL REFERENCES records (id),
    problem_id uuid NOT NULL REFERENCES records (id),
    offered_at timestamptz NOT NULL,
    why text COLLATE "C" NOT NULL,
    used_at timestamptz,
    used_version bigint,
    used_by_id uuid REFERENCES people (id),
    worked boolean,
    worked_at timestamptz,
    PRIMARY KEY (incident_id, problem_id)
);
CREATE INDEX known_error_offers_problem ON known_error_offers (problem_id, incident_id);
CREATE INDEX known_error_offers_used_by ON known_error_offers (used_by_id);

INSERT INTO codes (list, code, label, behaviour, position) VALUES
    ('resolution', 'risk_accepted', 'Risk accepted', '', 7),
    ('factor', 'change', 'Change', '', 1),
    ('factor', 'defect', 'Defect in software', '', 2),
    ('factor', 'hardware', 'Hardware', '', 3),
    ('factor', 'configuration', 'Configuration', '', 4),
    ('factor', 'capacity', 'Capacity or load', '', 5),
    ('factor', 'dependency', 'Something it depends on', '', 6),
    ('factor', 'supplier', 'Supplier', '', 7),
    ('factor', 'detection', 'Detection and monitoring', '', 8),
    ('factor', 'process', 'Process', '', 9),
    ('factor', 'knowledge', 'Knowledge and documentation', '', 10),
    ('factor', 'communication', 'Communication', '', 11),
    ('factor', 'environment', 'Surroundings: power, cooling, site', '', 12)
ON CONFLICT DO NOTHING;
