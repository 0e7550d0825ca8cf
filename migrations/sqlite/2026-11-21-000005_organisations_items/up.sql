-- Where people belong, what they work with, and who supplies it.

CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX organisations_name ON organisations (name, id);

CREATE TABLE locations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX locations_name ON locations (name, id);

ALTER TABLE people ADD COLUMN organisation_id BLOB REFERENCES organisations (id);
ALTER TABLE people ADD COLUMN location_id BLOB REFERENCES locations (id);
ALTER TABLE people ADD COLUMN manager_id BLOB REFERENCES people (id);
ALTER TABLE people ADD COLUMN vip INTEGER NOT NULL DEFAULT 0;

CREATE TABLE suppliers (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL,
    mail TEXT NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX suppliers_name ON suppliers (name, id);

-- `supplier` stays beside it: the name as it was then, and of whoever is on no list.
ALTER TABLE holds ADD COLUMN supplier_id BLOB REFERENCES suppliers (id);

-- Configuration items.
CREATE TABLE items (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    class TEXT NOT NULL,
    environment TEXT NOT NULL,
    team_id BLOB REFERENCES teams (id),
    service_id BLOB REFERENCES services (id),
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX items_name ON items (name, id);

-- One item depends on another. Circles are allowed: two servers may need each other.
CREATE TABLE item_edges (
    item_id BLOB NOT NULL REFERENCES items (id),
    needs_id BLOB NOT NULL REFERENCES items (id),
    PRIMARY KEY (item_id, needs_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_edges_needs ON item_edges (needs_id, item_id);

ALTER TABLE records ADD COLUMN item_id BLOB REFERENCES items (id);
ALTER TABLE records ADD COLUMN location_id BLOB REFERENCES locations (id);
CREATE INDEX records_by_item ON records (is_open, item_id, priority, reported_at, id) WHERE item_id IS NOT NULL;
CREATE INDEX records_by_location ON records (is_open, location_id, priority, reported_at, id) WHERE location_id IS NOT NULL;
