-- The number of a person who was erased: all that is left of their name.
ALTER TABLE people ADD COLUMN erased integer;
CREATE UNIQUE INDEX people_erased ON people (erased);

-- What one person wrote, attached or ended: found when they are erased.
CREATE INDEX entries_author ON entries (author_id);
CREATE INDEX attachments_by ON attachments (by_id);
CREATE INDEX resolutions_by ON resolutions (by_id);
