-- trigger machine_slots_insert
CREATE TRIGGER machine_slots_insert BEFORE INSERT ON machine_slots BEGIN
    SELECT RAISE(ABORT, 'ex_machine_slots_no_overlap') WHERE NEW.freed_at IS NULL AND EXISTS (
        SELECT 1 FROM machine_slots WHERE machine_id = NEW.machine_id AND day = NEW.day AND freed_at IS NULL
        AND until_minute > NEW.from_minute AND from_minute < NEW.until_minute);
END

-- trigger machine_slots_update
CREATE TRIGGER machine_slots_update BEFORE UPDATE ON machine_slots BEGIN
    SELECT RAISE(ABORT, 'ex_machine_slots_no_overlap') WHERE NEW.freed_at IS NULL AND EXISTS (
        SELECT 1 FROM machine_slots WHERE machine_id = NEW.machine_id AND day = NEW.day AND freed_at IS NULL AND id <> OLD.id
        AND until_minute > NEW.from_minute AND from_minute < NEW.until_minute);
END
