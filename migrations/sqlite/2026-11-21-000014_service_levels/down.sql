-- Takes service levels and notices away; the journal keeps what was said of them.
DROP INDEX records_by_group_due;
DROP INDEX records_by_kind_due;
DROP INDEX records_by_assignee_due;
DROP INDEX records_by_team_due;
DROP INDEX records_by_due;
ALTER TABLE records DROP COLUMN clock_state;
ALTER TABLE records DROP COLUMN next_risk_at;
DROP TABLE notices;
DROP TABLE closed_periods;
DROP TABLE exemptions;
DROP TABLE breach_reasons;
DROP TABLE clock_steps;
DROP TABLE clocks;
DROP TABLE catalogue_state;
DROP TABLE agreement_versions;
DROP TABLE agreements;
DROP TABLE calendar_versions;
DROP TABLE calendars;
