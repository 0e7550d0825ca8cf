-- The full-text index merges eight parts at a time instead of four: half the merging, and it is not
-- as often in the way of a new call. Searching reads some more parts and was not slower.
INSERT INTO search_public (search_public, rank) VALUES ('automerge', 8);
INSERT INTO search_internal (search_internal, rank) VALUES ('automerge', 8);
