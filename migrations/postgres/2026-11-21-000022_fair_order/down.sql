DROP TABLE fair_turns;
DROP INDEX records_fair;
DROP INDEX records_fair_reserved;
DROP INDEX records_entered;
ALTER TABLE records DROP COLUMN entered_at;
ALTER TABLE records DROP COLUMN virtual_deadline;
ALTER TABLE records DROP COLUMN paused_since;
