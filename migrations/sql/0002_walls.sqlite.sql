-- trigger events_no_update
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END

-- trigger events_no_delete
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END

-- trigger devices_ready_gate_update
CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND NEW.state <> OLD.state) AND (EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END

-- trigger devices_ready_gate_insert
CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices WHEN NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND (EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END

-- trigger devices_ready_gate_facts
CREATE TRIGGER devices_ready_gate_facts BEFORE UPDATE OF without_drive_since, labelled_at, kind ON devices WHEN (NEW.state = 'ready' AND OLD.state = 'ready') AND (EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END

-- trigger drive_stays_ready_gate
CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays WHEN EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END

-- trigger drive_stays_ready_gate_update
CREATE TRIGGER drive_stays_ready_gate_update BEFORE UPDATE OF device_id, drive_id, until ON drive_stays WHEN (NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id OR (NEW.until IS NULL AND OLD.until IS NOT NULL)) AND EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END

-- trigger devices_memory_reset
CREATE TRIGGER devices_memory_reset BEFORE UPDATE OF without_drive_since, kind ON devices WHEN NEW.kind IN ('tablet', 'smartphone') AND NEW.without_drive_since IS NOT NULL AND (OLD.without_drive_since IS NULL OR OLD.kind NOT IN ('tablet', 'smartphone')) AND NOT EXISTS (
            SELECT 1 FROM erasure_statements AS statement
            WHERE statement.device_id = NEW.id AND statement.confirmed_at IS NOT NULL AND statement.voided_at IS NULL
        ) BEGIN SELECT RAISE(ABORT, 'devices_memory_reset'); END

-- trigger devices_memory_reset_at_once
CREATE TRIGGER devices_memory_reset_at_once BEFORE INSERT ON devices WHEN NEW.kind IN ('tablet', 'smartphone') AND NEW.without_drive_since IS NOT NULL BEGIN SELECT RAISE(ABORT, 'devices_memory_reset_at_once'); END

-- trigger erasures_second_person
CREATE TRIGGER erasures_second_person BEFORE UPDATE OF status ON erasures WHEN NEW.status = 'accepted' AND EXISTS (SELECT 1 FROM erasure_statements AS statement WHERE statement.erasure_id = NEW.id AND statement.confirmed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'erasures_second_person'); END

-- trigger erasure_statements_second_person
CREATE TRIGGER erasure_statements_second_person BEFORE INSERT ON erasure_statements WHEN NEW.confirmed_at IS NULL AND EXISTS (SELECT 1 FROM erasures AS erasure WHERE erasure.id = NEW.erasure_id AND erasure.status = 'accepted') BEGIN SELECT RAISE(ABORT, 'erasure_statements_second_person'); END

-- trigger erasures_ready_gate
CREATE TRIGGER erasures_ready_gate BEFORE UPDATE OF status, voided_at, drive_id ON erasures WHEN OLD.status = 'accepted' AND OLD.voided_at IS NULL AND (NEW.status <> 'accepted' OR NEW.voided_at IS NOT NULL OR NEW.drive_id IS NULL OR NEW.drive_id <> OLD.drive_id) AND EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
            WHERE stay.drive_id = OLD.drive_id AND stay.until IS NULL AND device.state = 'ready'
        ) AND NOT (
            EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = OLD.drive_id AND drive.destroyed_at IS NOT NULL)
            OR EXISTS (
                SELECT 1 FROM erasures AS other
                WHERE other.drive_id = OLD.drive_id AND other.id <> OLD.id AND other.status = 'accepted' AND other.voided_at IS NULL
            )
        ) BEGIN SELECT RAISE(ABORT, 'erasures_ready_gate'); END

-- trigger drives_destroyed
CREATE TRIGGER drives_destroyed BEFORE UPDATE OF destroyed_at ON drives WHEN (OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS NULL) OR (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM destructions AS destruction WHERE destruction.drive_id = NEW.id AND destruction.confirmed_at IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'drives_destroyed'); END

-- trigger drive_stays_remain
CREATE TRIGGER drive_stays_remain BEFORE DELETE ON drive_stays WHEN OLD.id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'drive_stays_remain'); END

-- trigger drive_stays_hold
CREATE TRIGGER drive_stays_hold BEFORE UPDATE OF device_id, drive_id ON drive_stays WHEN NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id BEGIN SELECT RAISE(ABORT, 'drive_stays_hold'); END

-- trigger drives_destroyed_at_once
CREATE TRIGGER drives_destroyed_at_once BEFORE INSERT ON drives WHEN NEW.destroyed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'drives_destroyed_at_once'); END

-- trigger waste_lines_enter
CREATE TRIGGER waste_lines_enter BEFORE INSERT ON waste_lines WHEN NOT EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = NEW.batch_id AND batch.state = 'open') OR (NEW.device_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state = 'waste')) OR (NEW.drive_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND drive.destroyed_at IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'waste_lines_enter'); END

-- trigger waste_lines_stay
CREATE TRIGGER waste_lines_stay BEFORE UPDATE OF batch_id, device_id, drive_id, what, count ON waste_lines WHEN EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id IN (OLD.batch_id, NEW.batch_id) AND batch.state <> 'open') BEGIN SELECT RAISE(ABORT, 'waste_lines_stay'); END

-- trigger waste_lines_remain
CREATE TRIGGER waste_lines_remain BEFORE DELETE ON waste_lines WHEN EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = OLD.batch_id AND batch.state <> 'open') BEGIN SELECT RAISE(ABORT, 'waste_lines_remain'); END

-- trigger waste_batches_frozen
CREATE TRIGGER waste_batches_frozen BEFORE UPDATE OF waste_code, operator, operator_siret, slip_type, slip_number, weight_g, collected_on, carrier ON waste_batches WHEN OLD.state <> 'open' AND (NEW.waste_code <> OLD.waste_code OR NEW.operator <> OLD.operator OR NEW.slip_type <> OLD.slip_type OR NEW.slip_number <> OLD.slip_number OR NEW.weight_g <> OLD.weight_g OR NEW.collected_on <> OLD.collected_on) BEGIN SELECT RAISE(ABORT, 'waste_batches_frozen'); END
