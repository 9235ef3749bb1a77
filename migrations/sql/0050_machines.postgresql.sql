-- constraint ex_machine_slots_no_overlap
ALTER TABLE machine_slots ADD CONSTRAINT ex_machine_slots_no_overlap EXCLUDE USING gist (int4range(machine_id, machine_id, '[]') WITH &&, daterange(day, day, '[]') WITH &&, int4range(from_minute, until_minute) WITH &&) WHERE (freed_at IS NULL)
