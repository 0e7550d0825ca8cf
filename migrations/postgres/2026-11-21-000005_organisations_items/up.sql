-- Where people belong, what they work with, and who supplies it.

CREATE TABLE organisations (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX organisations_name ON organisations (name, id);

CREATE TABLE locations (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    address text NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX locations_name ON locations (name, id);

ALTER TABLE people ADD COLUMN organisation_id uuid REFERENCES organisations (id);
ALTER TABLE people ADD COLUMN location_id uuid REFERENCES locations (id);
ALTER TABLE people ADD COLUMN manager_id uuid REFERENCES people (id);
ALTER TABLE people ADD COLUMN vip boolean NOT NULL DEFAULT false;

CREATE TABLE suppliers (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    phone text NOT NULL,
    mail text NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX suppliers_name ON suppliers (name, id);

-- `supplier` stays beside it: the name as it was then, and of whoever is on no list.
ALTER TABLE holds ADD COLUMN supplier_id uuid REFERENCES suppliers (id);

-- Configuration items.
CREATE TABLE items (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    class text COLLATE "C" NOT NULL,
    environment text NOT NULL,
    team_id uuid REFERENCES teams (id),
    service_id uuid REFERENCES services (id),
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX items_name ON items (name, id);

-- One item depends on another. Circles are allowed: two servers may need each other.
CREATE TABLE item_edges (
    item_id uuid NOT NULL REFERENCES items (id),
    needs_id uuid NOT NULL REFERENCES items (id),
    PRIMARY KEY (item_id, needs_id)
);
CREATE INDEX item_edges_needs ON item_edges (needs_id, item_id);

ALTER TABLE records ADD COLUMN item_id uuid REFERENCES items (id);
ALTER TABLE records ADD COLUMN location_id uuid REFERENCES locations (id);
CREATE INDEX records_by_item ON records (is_open, item_id, priority, reported_at, id) WHERE item_id IS NOT NULL;
CREATE INDEX records_by_location ON records (is_open, location_id, priority, reported_at, id) WHERE location_id IS NOT NULL;
