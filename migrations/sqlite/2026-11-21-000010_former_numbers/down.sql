-- Takes former numbers away; the records keep the kinds and numbers they have now.
ALTER TABLE records DROP COLUMN kind_changes;
DROP TABLE former_numbers;
