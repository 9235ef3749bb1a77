-- trigger events_no_update
DROP TRIGGER events_no_update

-- trigger events_no_delete
DROP TRIGGER events_no_delete

-- trigger devices_ready_gate_update
DROP TRIGGER devices_ready_gate_update

-- trigger devices_ready_gate_insert
DROP TRIGGER devices_ready_gate_insert

-- trigger devices_ready_gate_facts
DROP TRIGGER devices_ready_gate_facts

-- trigger drive_stays_ready_gate
DROP TRIGGER drive_stays_ready_gate

-- trigger drive_stays_ready_gate_update
DROP TRIGGER drive_stays_ready_gate_update

-- trigger devices_memory_reset
DROP TRIGGER devices_memory_reset

-- trigger devices_memory_reset_at_once
DROP TRIGGER devices_memory_reset_at_once

-- trigger erasures_second_person
DROP TRIGGER erasures_second_person

-- trigger erasure_statements_second_person
DROP TRIGGER erasure_statements_second_person

-- trigger erasures_ready_gate
DROP TRIGGER erasures_ready_gate

-- trigger drives_destroyed
DROP TRIGGER drives_destroyed

-- trigger drive_stays_remain
DROP TRIGGER drive_stays_remain

-- trigger drive_stays_hold
DROP TRIGGER drive_stays_hold

-- trigger drives_destroyed_at_once
DROP TRIGGER drives_destroyed_at_once

-- trigger waste_lines_enter
DROP TRIGGER waste_lines_enter

-- trigger waste_lines_stay
DROP TRIGGER waste_lines_stay

-- trigger waste_lines_remain
DROP TRIGGER waste_lines_remain

-- trigger waste_batches_frozen
DROP TRIGGER waste_batches_frozen
