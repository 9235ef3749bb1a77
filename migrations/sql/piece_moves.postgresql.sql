-- function piece_moves_refuse
CREATE FUNCTION piece_moves_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'piece moves are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$

-- trigger piece_moves_append_only
CREATE TRIGGER piece_moves_append_only BEFORE UPDATE OR DELETE ON piece_moves FOR EACH ROW EXECUTE FUNCTION piece_moves_refuse()
