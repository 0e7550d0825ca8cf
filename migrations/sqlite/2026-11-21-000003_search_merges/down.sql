INSERT INTO search_public (search_public, rank) VALUES ('automerge', 4);
INSERT INTO search_internal (search_internal, rank) VALUES ('automerge', 4);
