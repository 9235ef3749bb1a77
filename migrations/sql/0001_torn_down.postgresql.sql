-- trigger events_append_only
DROP TRIGGER events_append_only ON events

-- trigger events_no_truncate
DROP TRIGGER events_no_truncate ON events

-- function refuse_rewriting
DROP FUNCTION refuse_rewriting()

-- trigger devices_ready_gate_update
DROP TRIGGER devices_ready_gate_update ON devices

-- trigger devices_ready_gate_insert
DROP TRIGGER devices_ready_gate_insert ON devices

-- trigger drive_stays_ready_gate
DROP TRIGGER drive_stays_ready_gate ON drive_stays

-- function devices_ready_gate
DROP FUNCTION devices_ready_gate()

-- function drive_stays_ready_gate
DROP FUNCTION drive_stays_ready_gate()
