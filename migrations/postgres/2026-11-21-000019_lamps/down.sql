DROP INDEX teams_lead;
DROP INDEX records_flagged;
ALTER TABLE records DROP COLUMN is_flagged;
