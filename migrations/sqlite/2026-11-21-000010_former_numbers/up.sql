-- A number a record had before its kind was changed. It leads to the record and is never given again.
CREATE TABLE former_numbers (
    kind TEXT NOT NULL REFERENCES kinds (kind),
    number INTEGER NOT NULL,
    record_id BLOB NOT NULL REFERENCES records (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT;
CREATE INDEX former_numbers_record ON former_numbers (record_id, at);
-- How many former numbers a record has, so that others need not be asked for theirs.
ALTER TABLE records ADD COLUMN kind_changes INTEGER NOT NULL DEFAULT 0;
