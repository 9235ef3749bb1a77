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
CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices FOR EACH ROW WHEN ((NEW.state = 'ready' AND OLD.state <> 'ready') OR (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND OLD.state NOT IN ('ready', 'reserved', 'handed_over', 'in_pool'))) EXECUTE FUNCTION devices_ready_gate()

-- trigger devices_ready_gate_insert
CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices FOR EACH ROW WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) EXECUTE FUNCTION devices_ready_gate()

-- function drive_stays_ready_gate
CREATE FUNCTION drive_stays_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE; IF EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) THEN RAISE EXCEPTION 'drive_stays_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger drive_stays_ready_gate
CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_ready_gate()
