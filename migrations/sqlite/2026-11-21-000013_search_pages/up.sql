-- Merging goes by pages: 64 of them a step and a level, in somebody's commit. Small pages make the
-- step small too, so that a large index is in nobody's way for longer than a small one. What is there
-- keeps its pages until it is merged.
INSERT INTO search_public (search_public, rank) VALUES ('pgsz', 1000);
INSERT INTO search_internal (search_internal, rank) VALUES ('pgsz', 1000);
