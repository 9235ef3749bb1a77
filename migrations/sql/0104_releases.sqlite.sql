-- trigger flags_held_by_releases
CREATE TRIGGER flags_held_by_releases BEFORE UPDATE OF lifted_at ON flags WHEN NEW.kind = 'not_released' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND EXISTS (SELECT 1 FROM releases AS release WHERE release.device_id = NEW.device_id AND release.proven_at IS NULL) BEGIN SELECT RAISE(ABORT, 'flags_held_by_releases'); END

-- trigger releases_stay_proven
CREATE TRIGGER releases_stay_proven BEFORE UPDATE OF proven_at ON releases WHEN OLD.proven_at IS NOT NULL AND NEW.proven_at IS NULL BEGIN SELECT RAISE(ABORT, 'releases_stay_proven'); END
