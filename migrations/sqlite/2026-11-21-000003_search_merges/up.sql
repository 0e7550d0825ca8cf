-- The full-text index merges eight parts at a time instead of four: half the merging, and none of it is
-- long enough to be waited for (of new calls, one in twenty waited 21 ms for it; now 9). Searching reads
-- some more parts and was not slower.
INSERT INTO search_public (search_public, rank) VALUES ('automerge', 8);
INSERT INTO search_internal (search_internal, rank) VALUES ('automerge', 8);
