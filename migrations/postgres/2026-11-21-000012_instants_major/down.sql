-- Takes sourced instants and major incidents away; the journal keeps what was said of them.
DROP INDEX records_major;
ALTER TABLE records DROP COLUMN has_instants;
ALTER TABLE records DROP COLUMN is_major;
DROP TABLE majors;
DROP TABLE incident_instants;
