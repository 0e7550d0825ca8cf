ALTER TABLE search_texts DROP COLUMN apart;
DROP TABLE restriction_people;
DROP TABLE restrictions;
DROP INDEX records_restricted;
ALTER TABLE records DROP COLUMN is_restricted;
