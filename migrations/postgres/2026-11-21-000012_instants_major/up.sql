-- When an incident's impact began, was detected, acknowledged and mitigated, each with its source; and
-- which incidents are major.

CREATE TABLE incident_instants (
    record_id uuid NOT NULL REFERENCES records (id),
    which text COLLATE "C" NOT NULL,
    -- Neither when somebody cleared it: nothing writes it again by itself.
    at timestamptz,
    source text COLLATE "C",
    note text NOT NULL,
    by_id uuid REFERENCES people (id),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (record_id, which)
);

CREATE TABLE majors (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    reason text NOT NULL,
    lead_id uuid NOT NULL REFERENCES people (id),
    next_update_at timestamptz NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX majors_lead ON majors (lead_id);

-- What the queue shows of it, and whether the page has to ask for instants at all.
ALTER TABLE records ADD COLUMN is_major boolean NOT NULL DEFAULT false;
ALTER TABLE records ADD COLUMN has_instants boolean NOT NULL DEFAULT false;
-- Major incidents are few, however many records there are.
CREATE INDEX records_major ON records (is_major, priority, reported_at, id) WHERE is_major = TRUE;
