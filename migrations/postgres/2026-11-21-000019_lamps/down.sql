DROP INDEX teams_lead;
DROP INDEX records_flagged;
ALTER TABLE records DROP COLUMN is_flagged;
ALTER TABLE clocks DROP COLUMN supplier_id;
ALTER TABLE clocks ADD COLUMN supplier text COLLATE "C" NOT NULL DEFAULT '';
