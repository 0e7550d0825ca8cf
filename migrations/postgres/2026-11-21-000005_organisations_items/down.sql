-- Takes organisations, locations, suppliers and items away, and who and what names them.
DROP INDEX records_by_location;
DROP INDEX records_by_item;
ALTER TABLE records DROP COLUMN location_id;
ALTER TABLE records DROP COLUMN item_id;
DROP TABLE item_edges;
DROP TABLE items;
ALTER TABLE holds DROP COLUMN supplier_id;
DROP TABLE suppliers;
ALTER TABLE people DROP COLUMN vip;
ALTER TABLE people DROP COLUMN manager_id;
ALTER TABLE people DROP COLUMN location_id;
ALTER TABLE people DROP COLUMN organisation_id;
DROP TABLE locations;
DROP TABLE organisations;
