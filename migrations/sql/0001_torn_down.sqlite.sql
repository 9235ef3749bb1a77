-- trigger events_no_update
DROP TRIGGER events_no_update

-- trigger events_no_delete
DROP TRIGGER events_no_delete

-- trigger devices_ready_gate_update
DROP TRIGGER devices_ready_gate_update

-- trigger devices_ready_gate_insert
DROP TRIGGER devices_ready_gate_insert

-- trigger drive_stays_ready_gate
DROP TRIGGER drive_stays_ready_gate
