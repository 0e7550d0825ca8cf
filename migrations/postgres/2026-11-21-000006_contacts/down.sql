ALTER TABLE entries DROP COLUMN chaser;
DROP TABLE contact_counts;
DROP TABLE involved;
