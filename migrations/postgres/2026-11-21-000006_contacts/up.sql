-- Twelve callers, one outage: who else a record touches, and how often somebody got in touch about it.

-- Its caller, where that is not the requester, and further affected people.
CREATE TABLE involved (
    record_id uuid NOT NULL REFERENCES records (id),
    person_id uuid NOT NULL REFERENCES people (id),
    role text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (record_id, role, person_id)
);
CREATE INDEX involved_person ON involved (person_id, record_id);
CREATE INDEX involved_newest ON involved (record_id, role, at, person_id);

-- A row for each record that has any of this, kept by the writes; most have none.
CREATE TABLE contact_counts (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    affected integer NOT NULL,
    contacts integer NOT NULL,
    chased integer NOT NULL
);

-- Whether somebody asked what became of it; only contacts do.
ALTER TABLE entries ADD COLUMN chaser boolean NOT NULL DEFAULT false;
