-- trigger supply_moves_no_update
CREATE TRIGGER supply_moves_no_update BEFORE UPDATE OF id, supply_id, site_id, kind, delta, here_after, at, actor_id ON supply_moves BEGIN SELECT RAISE(ABORT, 'supply moves are append-only'); END

-- trigger supply_moves_no_delete
CREATE TRIGGER supply_moves_no_delete BEFORE DELETE ON supply_moves BEGIN SELECT RAISE(ABORT, 'supply moves are append-only'); END
