-- function flags_held_by_releases
CREATE FUNCTION flags_held_by_releases() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind = 'not_released' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND EXISTS (SELECT 1 FROM releases AS release WHERE release.device_id = NEW.device_id AND release.proven_at IS NULL) THEN RAISE EXCEPTION 'flags_held_by_releases' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger flags_held_by_releases
CREATE TRIGGER flags_held_by_releases BEFORE UPDATE OF lifted_at ON flags FOR EACH ROW EXECUTE FUNCTION flags_held_by_releases()

-- function releases_stay_proven
CREATE FUNCTION releases_stay_proven() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.proven_at IS NOT NULL AND NEW.proven_at IS NULL THEN RAISE EXCEPTION 'releases_stay_proven' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger releases_stay_proven
CREATE TRIGGER releases_stay_proven BEFORE UPDATE OF proven_at ON releases FOR EACH ROW EXECUTE FUNCTION releases_stay_proven()
