DROP INDEX holds_because;
ALTER TABLE holds DROP COLUMN flows_down;
ALTER TABLE holds DROP COLUMN because_id;
DROP INDEX records_by_parent;
ALTER TABLE records DROP COLUMN open_children;
ALTER TABLE records DROP COLUMN children;
ALTER TABLE records DROP COLUMN parent_id;
