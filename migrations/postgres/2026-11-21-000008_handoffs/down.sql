-- Takes owning teams and hand-offs away.
DROP TABLE handover_tallies;
DROP TABLE handoffs;
DROP INDEX records_by_owner;
ALTER TABLE records DROP COLUMN handoffs;
ALTER TABLE records DROP COLUMN owner_team_id;
