DROP INDEX round_seats_waiting;
CREATE INDEX round_seats_waiting ON round_seats (person_id, due_at, round_id, stage, seat) WHERE is_waiting = TRUE;
