-- trigger events_no_update
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END

-- trigger events_no_delete
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END

-- trigger devices_ready_gate_update
CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices WHEN ((NEW.state = 'ready' AND OLD.state <> 'ready') OR (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND OLD.state NOT IN ('ready', 'reserved', 'handed_over', 'in_pool'))) AND (EXISTS (
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

-- trigger drive_stays_ready_gate
CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays WHEN EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END
