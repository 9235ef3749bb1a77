"""The gate, once more, in the database: a device cannot be written as ready while a drive it ever held is unaccounted for.

The rule that people meet is `rules.every_drive_is_clean`; this is the wall behind it, whoever writes. Run by the migration.
"""

_UNCLEAN = """
    SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
    WHERE stay.device_id = NEW.id AND drive.destroyed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM erasures AS erasure
        WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
    )
"""
_NO_DRIVE = (
    "NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)"
)
_NO_LABEL = "NEW.labelled_at IS NULL"
# Kinds that never hold data have nothing to erase.
_HOLDS_DATA = "NEW.kind NOT IN ('monitor', 'printer')"
_CLOSED = f"({_HOLDS_DATA} AND (EXISTS ({_UNCLEAN}) OR ({_NO_DRIVE}))) OR {_NO_LABEL}"

READY_GATE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices WHEN NEW.state = 'ready' AND OLD.state <> 'ready' AND ({_CLOSED}) "
        "BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END",
        f"CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices WHEN NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND ({_CLOSED}) "
        "BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION devices_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_CLOSED} THEN "
        "RAISE EXCEPTION 'devices_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices FOR EACH ROW "
        "WHEN (NEW.state = 'ready' AND OLD.state <> 'ready') EXECUTE FUNCTION devices_ready_gate()",
        "CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices FOR EACH ROW "
        "WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) EXECUTE FUNCTION devices_ready_gate()",
    ),
}
