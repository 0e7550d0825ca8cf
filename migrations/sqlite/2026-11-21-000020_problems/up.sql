-- Problems: workarounds, contributing factors, known errors.

-- What only a problem has.
CREATE TABLE problems (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    workaround TEXT NOT NULL,
    watched_days INTEGER NOT NULL,
    verify_until INTEGER,
    review_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX problems_verify ON problems (verify_until, record_id) WHERE verify_until IS NOT NULL;
CREATE INDEX problems_review ON problems (review_at, record_id) WHERE review_at IS NOT NULL;

-- What contributed. The label is kept: a kind that is not offered any more stays readable.
CREATE TABLE factors (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    code_label TEXT NOT NULL,
    text TEXT NOT NULL,
    evidence TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX factors_record ON factors (record_id, position, id);
CREATE INDEX factors_code ON factors (code, record_id);
CREATE INDEX factors_by ON factors (by_id);

-- A known error: a publication on a problem, offered until it is retired.
CREATE TABLE known_errors (
    problem_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    version INTEGER NOT NULL,
    audience TEXT NOT NULL,
    retired TEXT NOT NULL,
    retired_at INTEGER,
    retired_by_id BLOB REFERENCES people (id),
    retired_reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_errors_retired_by ON known_errors (retired_by_id);

CREATE TABLE known_error_versions (
    problem_id BLOB NOT NULL REFERENCES records (id),
    version INTEGER NOT NULL,
    symptoms TEXT NOT NULL,
    workaround TEXT NOT NULL,
    audience TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (problem_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_error_versions_by ON known_error_versions (by_id);

-- The words it is recognised by.
CREATE TABLE known_error_words (
    word TEXT NOT NULL,
    problem_id BLOB NOT NULL REFERENCES records (id),
    PRIMARY KEY (word, problem_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_error_words_problem ON known_error_words (problem_id);

-- On which incidents it was offered and why, and what came of it.
CREATE TABLE known_error_offers (
    incident_id BLOB NOT NULL REFERENCES records (id),
    problem_id BLOB NOT NULL REFERENCES records (id),
    offered_at INTEGER NOT NULL,
    why TEXT NOT NULL,
    used_at INTEGER,
    used_version INTEGER,
    used_by_id BLOB REFERENCES people (id),
    worked INTEGER,
    worked_at INTEGER,
    PRIMARY KEY (incident_id, problem_id)
) STRICT, WITHOUT ROWID;
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
