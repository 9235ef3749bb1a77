-- trigger events_append_only
DROP TRIGGER events_append_only ON events

-- trigger events_no_truncate
DROP TRIGGER events_no_truncate ON events

-- trigger devices_ready_gate_update
DROP TRIGGER devices_ready_gate_update ON devices

-- trigger devices_ready_gate_insert
DROP TRIGGER devices_ready_gate_insert ON devices

-- trigger devices_ready_gate_facts
DROP TRIGGER devices_ready_gate_facts ON devices

-- trigger drive_stays_ready_gate
DROP TRIGGER drive_stays_ready_gate ON drive_stays

-- trigger drive_stays_ready_gate_update
DROP TRIGGER drive_stays_ready_gate_update ON drive_stays

-- trigger devices_memory_reset
DROP TRIGGER devices_memory_reset ON devices

-- trigger devices_memory_reset_at_once
DROP TRIGGER devices_memory_reset_at_once ON devices

-- trigger erasures_second_person
DROP TRIGGER erasures_second_person ON erasures

-- trigger erasure_statements_second_person
DROP TRIGGER erasure_statements_second_person ON erasure_statements

-- trigger erasures_ready_gate
DROP TRIGGER erasures_ready_gate ON erasures

-- trigger drives_destroyed
DROP TRIGGER drives_destroyed ON drives

-- trigger drive_stays_remain
DROP TRIGGER drive_stays_remain ON drive_stays

-- trigger drive_stays_hold
DROP TRIGGER drive_stays_hold ON drive_stays

-- trigger drives_destroyed_at_once
DROP TRIGGER drives_destroyed_at_once ON drives

-- trigger waste_lines_enter
DROP TRIGGER waste_lines_enter ON waste_lines

-- trigger waste_lines_stay
DROP TRIGGER waste_lines_stay ON waste_lines

-- trigger waste_lines_remain
DROP TRIGGER waste_lines_remain ON waste_lines

-- trigger waste_batches_frozen
DROP TRIGGER waste_batches_frozen ON waste_batches

-- function refuse_rewriting
DROP FUNCTION refuse_rewriting()

-- function devices_ready_gate
DROP FUNCTION devices_ready_gate()

-- function drive_stays_ready_gate
DROP FUNCTION drive_stays_ready_gate()

-- function devices_memory_reset
DROP FUNCTION devices_memory_reset()

-- function devices_memory_reset_at_once
DROP FUNCTION devices_memory_reset_at_once()

-- function erasures_second_person
DROP FUNCTION erasures_second_person()

-- function erasure_statements_second_person
DROP FUNCTION erasure_statements_second_person()

-- function erasures_ready_gate
DROP FUNCTION erasures_ready_gate()

-- function drives_destroyed
DROP FUNCTION drives_destroyed()

-- function drive_stays_remain
DROP FUNCTION drive_stays_remain()

-- function drive_stays_hold
DROP FUNCTION drive_stays_hold()

-- function drives_destroyed_at_once
DROP FUNCTION drives_destroyed_at_once()

-- function waste_lines_enter
DROP FUNCTION waste_lines_enter()

-- function waste_lines_stay
DROP FUNCTION waste_lines_stay()

-- function waste_lines_remain
DROP FUNCTION waste_lines_remain()

-- function waste_batches_frozen
DROP FUNCTION waste_batches_frozen()
