-- trigger claims_insert
CREATE TRIGGER claims_insert BEFORE INSERT ON claims BEGIN
    SELECT RAISE(ABORT, 'ex_claims_no_overlap') WHERE NEW.ended_at IS NULL AND NEW.item_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM claims WHERE item_id = NEW.item_id AND ended_at IS NULL
        AND until_on > NEW.starts_on AND starts_on < NEW.until_on);
    SELECT RAISE(ABORT, 'ck_claims_not_too_long') WHERE NEW.kind = 'reservation' AND NEW.began_at IS NULL
        AND julianday(NEW.until_on) - julianday(NEW.starts_on) > 450;
END

-- trigger claims_update
CREATE TRIGGER claims_update BEFORE UPDATE ON claims BEGIN
    SELECT RAISE(ABORT, 'ex_claims_no_overlap') WHERE NEW.ended_at IS NULL AND NEW.item_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM claims WHERE item_id = NEW.item_id AND ended_at IS NULL AND id <> OLD.id
        AND until_on > NEW.starts_on AND starts_on < NEW.until_on);
    SELECT RAISE(ABORT, 'ck_claims_not_too_long') WHERE NEW.kind = 'reservation' AND NEW.began_at IS NULL
        AND julianday(NEW.until_on) - julianday(NEW.starts_on) > 450;
END
