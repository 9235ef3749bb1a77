-- function supply_moves_refuse
CREATE FUNCTION supply_moves_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'supply moves are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$

-- trigger supply_moves_append_only
CREATE TRIGGER supply_moves_append_only BEFORE UPDATE OF id, supply_id, site_id, kind, delta, here_after, at, actor_id OR DELETE ON supply_moves FOR EACH ROW EXECUTE FUNCTION supply_moves_refuse()
