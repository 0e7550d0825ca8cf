DROP INDEX resolutions_by;
DROP INDEX attachments_by;
DROP INDEX entries_author;
DROP INDEX people_erased;
ALTER TABLE people DROP COLUMN erased;
