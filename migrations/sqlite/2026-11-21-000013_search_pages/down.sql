INSERT INTO search_public (search_public, rank) VALUES ('pgsz', 4050);
INSERT INTO search_internal (search_internal, rank) VALUES ('pgsz', 4050);
