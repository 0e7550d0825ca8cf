-- When an incident's impact began, was detected, acknowledged and mitigated, each with its source; and
-- which incidents are major.

CREATE TABLE incident_instants (
    record_id BLOB NOT NULL REFERENCES records (id),
    which TEXT NOT NULL,
    -- Neither when somebody cleared it: nothing writes it again by itself.
    at INTEGER,
    source TEXT,
    note TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (record_id, which)
) STRICT, WITHOUT ROWID;

CREATE TABLE majors (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    reason TEXT NOT NULL,
    lead_id BLOB NOT NULL REFERENCES people (id),
    next_update_at INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX majors_lead ON majors (lead_id);

-- What the queue shows of it, and whether the page has to ask for instants at all.
ALTER TABLE records ADD COLUMN is_major INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN has_instants INTEGER NOT NULL DEFAULT 0;
-- Major incidents are few, however many records there are.
CREATE INDEX records_major ON records (is_major, priority, reported_at, id) WHERE is_major = TRUE;
