-- Families: a record under another, and what flowed down to it.

-- At most one parent: a column holds no two.
ALTER TABLE records ADD COLUMN parent_id BLOB REFERENCES records (id);
-- How many records stand under this one, and how many of those are open. Moved with every record, so
-- that nothing is asked for the many that have none.
ALTER TABLE records ADD COLUMN children INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN open_children INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_by_parent ON records (parent_id, kind, number) WHERE parent_id IS NOT NULL;

-- The record above whose hold this one follows, and whether others follow this one.
ALTER TABLE holds ADD COLUMN because_id BLOB REFERENCES records (id);
ALTER TABLE holds ADD COLUMN flows_down INTEGER NOT NULL DEFAULT 0;
CREATE INDEX holds_because ON holds (because_id, ended_at) WHERE because_id IS NOT NULL;
