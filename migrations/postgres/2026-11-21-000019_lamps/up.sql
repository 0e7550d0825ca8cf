-- An agreement flagged it, and the promise still runs: few, however many records there are.
ALTER TABLE records ADD COLUMN is_flagged boolean NOT NULL DEFAULT false;
CREATE INDEX records_flagged ON records (is_flagged, next_due_at, id) WHERE is_flagged = TRUE;

-- Whether somebody leads a team is asked for every page.
CREATE INDEX teams_lead ON teams (lead_id) WHERE lead_id IS NOT NULL;
