-- A question that waits is found by an index whatever the statement binds: an index of some rows only is
-- of no use to a statement that says which rows by a parameter.
DROP INDEX round_seats_waiting;
CREATE INDEX round_seats_waiting ON round_seats (is_waiting, person_id, due_at, round_id, stage, seat);
