DROP INDEX exemptions_waiting;
DROP INDEX holds_report;
DROP INDEX records_ended;
DROP INDEX records_resolved;
DROP INDEX records_reported;
DROP INDEX clocks_due;
DROP INDEX clocks_breached;
DROP INDEX clocks_report;
CREATE INDEX clocks_report ON clocks (target, outcome_at, is_counted, is_restricted, outcome, priority, record_kind, team_id, service_id, agreement_id, organisation_id, category_id, id);
