-- A number a record had before its kind was changed. It leads to the record and is never given again.
CREATE TABLE former_numbers (
    kind text COLLATE "C" NOT NULL REFERENCES kinds (kind),
    number bigint NOT NULL,
    record_id uuid NOT NULL REFERENCES records (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (kind, number)
);
CREATE INDEX former_numbers_record ON former_numbers (record_id, at);
-- How many former numbers a record has, so that others need not be asked for theirs.
ALTER TABLE records ADD COLUMN kind_changes integer NOT NULL DEFAULT 0;
