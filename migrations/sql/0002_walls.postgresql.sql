-- function refuse_rewriting
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$

-- trigger events_append_only
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()

-- trigger events_no_truncate
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()

-- function devices_ready_gate
CREATE FUNCTION devices_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL THEN RAISE EXCEPTION 'devices_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger devices_ready_gate_update
CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices FOR EACH ROW WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND NEW.state <> OLD.state) EXECUTE FUNCTION devices_ready_gate()

-- trigger devices_ready_gate_insert
CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices FOR EACH ROW WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) EXECUTE FUNCTION devices_ready_gate()

-- trigger devices_ready_gate_facts
CREATE TRIGGER devices_ready_gate_facts BEFORE UPDATE OF without_drive_since, labelled_at, kind ON devices FOR EACH ROW WHEN (NEW.state = 'ready' AND OLD.state = 'ready') EXECUTE FUNCTION devices_ready_gate()

-- function drive_stays_ready_gate
CREATE FUNCTION drive_stays_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE; IF EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) THEN RAISE EXCEPTION 'drive_stays_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger drive_stays_ready_gate
CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_ready_gate()

-- trigger drive_stays_ready_gate_update
CREATE TRIGGER drive_stays_ready_gate_update BEFORE UPDATE OF device_id, drive_id, until ON drive_stays FOR EACH ROW WHEN (NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id OR (NEW.until IS NULL AND OLD.until IS NOT NULL)) EXECUTE FUNCTION drive_stays_ready_gate()

-- function devices_memory_reset
CREATE FUNCTION devices_memory_reset() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind IN ('tablet', 'smartphone') AND NEW.without_drive_since IS NOT NULL AND (OLD.without_drive_since IS NULL OR OLD.kind NOT IN ('tablet', 'smartphone')) AND NOT EXISTS (
            SELECT 1 FROM erasure_statements AS statement
            WHERE statement.device_id = NEW.id AND statement.confirmed_at IS NOT NULL AND statement.voided_at IS NULL
        ) THEN RAISE EXCEPTION 'devices_memory_reset' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger devices_memory_reset
CREATE TRIGGER devices_memory_reset BEFORE UPDATE OF without_drive_since, kind ON devices FOR EACH ROW EXECUTE FUNCTION devices_memory_reset()

-- function devices_memory_reset_at_once
CREATE FUNCTION devices_memory_reset_at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind IN ('tablet', 'smartphone') AND NEW.without_drive_since IS NOT NULL THEN RAISE EXCEPTION 'devices_memory_reset_at_once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger devices_memory_reset_at_once
CREATE TRIGGER devices_memory_reset_at_once BEFORE INSERT ON devices FOR EACH ROW EXECUTE FUNCTION devices_memory_reset_at_once()

-- function erasures_second_person
CREATE FUNCTION erasures_second_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.status = 'accepted' AND EXISTS (SELECT 1 FROM erasure_statements AS statement WHERE statement.erasure_id = NEW.id AND statement.confirmed_at IS NULL) THEN RAISE EXCEPTION 'erasures_second_person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger erasures_second_person
CREATE TRIGGER erasures_second_person BEFORE UPDATE OF status ON erasures FOR EACH ROW EXECUTE FUNCTION erasures_second_person()

-- function erasure_statements_second_person
CREATE FUNCTION erasure_statements_second_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.confirmed_at IS NULL AND EXISTS (SELECT 1 FROM erasures AS erasure WHERE erasure.id = NEW.erasure_id AND erasure.status = 'accepted') THEN RAISE EXCEPTION 'erasure_statements_second_person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger erasure_statements_second_person
CREATE TRIGGER erasure_statements_second_person BEFORE INSERT ON erasure_statements FOR EACH ROW EXECUTE FUNCTION erasure_statements_second_person()

-- function erasures_ready_gate
CREATE FUNCTION erasures_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.status = 'accepted' AND OLD.voided_at IS NULL AND (NEW.status <> 'accepted' OR NEW.voided_at IS NOT NULL OR NEW.drive_id IS NULL OR NEW.drive_id <> OLD.drive_id) AND EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
            WHERE stay.drive_id = OLD.drive_id AND stay.until IS NULL AND device.state = 'ready'
        ) AND NOT (
            EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = OLD.drive_id AND drive.destroyed_at IS NOT NULL)
            OR EXISTS (
                SELECT 1 FROM erasures AS other
                WHERE other.drive_id = OLD.drive_id AND other.id <> OLD.id AND other.status = 'accepted' AND other.voided_at IS NULL
            )
        ) THEN RAISE EXCEPTION 'erasures_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger erasures_ready_gate
CREATE TRIGGER erasures_ready_gate BEFORE UPDATE OF status, voided_at, drive_id ON erasures FOR EACH ROW EXECUTE FUNCTION erasures_ready_gate()

-- function drives_destroyed
CREATE FUNCTION drives_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS NULL) OR (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM destructions AS destruction WHERE destruction.drive_id = NEW.id AND destruction.confirmed_at IS NOT NULL)) THEN RAISE EXCEPTION 'drives_destroyed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger drives_destroyed
CREATE TRIGGER drives_destroyed BEFORE UPDATE OF destroyed_at ON drives FOR EACH ROW EXECUTE FUNCTION drives_destroyed()

-- function drive_stays_remain
CREATE FUNCTION drive_stays_remain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.id IS NOT NULL THEN RAISE EXCEPTION 'drive_stays_remain' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$

-- trigger drive_stays_remain
CREATE TRIGGER drive_stays_remain BEFORE DELETE ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_remain()

-- function drive_stays_hold
CREATE FUNCTION drive_stays_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id THEN RAISE EXCEPTION 'drive_stays_hold' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger drive_stays_hold
CREATE TRIGGER drive_stays_hold BEFORE UPDATE OF device_id, drive_id ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_hold()

-- function drives_destroyed_at_once
CREATE FUNCTION drives_destroyed_at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.destroyed_at IS NOT NULL THEN RAISE EXCEPTION 'drives_destroyed_at_once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger drives_destroyed_at_once
CREATE TRIGGER drives_destroyed_at_once BEFORE INSERT ON drives FOR EACH ROW EXECUTE FUNCTION drives_destroyed_at_once()

-- function waste_lines_enter
CREATE FUNCTION waste_lines_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = NEW.batch_id AND batch.state = 'open') OR (NEW.device_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state = 'waste')) OR (NEW.drive_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND drive.destroyed_at IS NOT NULL)) THEN RAISE EXCEPTION 'waste_lines_enter' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger waste_lines_enter
CREATE TRIGGER waste_lines_enter BEFORE INSERT ON waste_lines FOR EACH ROW EXECUTE FUNCTION waste_lines_enter()

-- function waste_lines_stay
CREATE FUNCTION waste_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id IN (OLD.batch_id, NEW.batch_id) AND batch.state <> 'open') THEN RAISE EXCEPTION 'waste_lines_stay' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger waste_lines_stay
CREATE TRIGGER waste_lines_stay BEFORE UPDATE OF batch_id, device_id, drive_id, what, count ON waste_lines FOR EACH ROW EXECUTE FUNCTION waste_lines_stay()

-- function waste_lines_remain
CREATE FUNCTION waste_lines_remain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = OLD.batch_id AND batch.state <> 'open') THEN RAISE EXCEPTION 'waste_lines_remain' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$

-- trigger waste_lines_remain
CREATE TRIGGER waste_lines_remain BEFORE DELETE ON waste_lines FOR EACH ROW EXECUTE FUNCTION waste_lines_remain()

-- function waste_batches_frozen
CREATE FUNCTION waste_batches_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'open' AND (NEW.waste_code <> OLD.waste_code OR NEW.operator <> OLD.operator OR NEW.slip_type <> OLD.slip_type OR NEW.slip_number <> OLD.slip_number OR NEW.weight_g <> OLD.weight_g OR NEW.collected_on <> OLD.collected_on) THEN RAISE EXCEPTION 'waste_batches_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger waste_batches_frozen
CREATE TRIGGER waste_batches_frozen BEFORE UPDATE OF waste_code, operator, operator_siret, slip_type, slip_number, weight_g, collected_on, carrier ON waste_batches FOR EACH ROW EXECUTE FUNCTION waste_batches_frozen()
