-- Restricted records: they exist for the people named and one team only.
--
-- Whether a record is restricted stands on its row, so that a queue passes it without looking
-- anywhere else; who may see it stands beside.

ALTER TABLE records ADD COLUMN is_restricted INTEGER NOT NULL DEFAULT 0;
-- Few are open at a time, and only these are counted one by one.
CREATE INDEX records_restricted ON records (kind, id) WHERE is_restricted AND is_open;

CREATE TABLE restrictions (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    team_id BLOB REFERENCES teams (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX restrictions_team ON restrictions (team_id);

CREATE TABLE restriction_people (
    record_id BLOB NOT NULL REFERENCES records (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX restriction_people_person ON restriction_people (person_id);

-- A text that is found by those only who may see its record.
ALTER TABLE search_texts ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
