"""The gate, once more, in the database: a device cannot be written as ready while a drive it ever held is unaccounted for.

The rule that people meet is `rules.every_drive_is_clean`; this is the wall behind it, whoever writes. The wall has two sides: a device
does not pass with an unclean drive, and an unclean drive does not enter a device that has passed. Run by the migration.
"""

from enum import StrEnum

from refurb.inventory.words import PAST_THE_GATE, WITHOUT_DATA, DeviceKind, DeviceState


def _listed(kind: type[StrEnum], words: frozenset[StrEnum]) -> str:
    """Some words of an enumeration as a list of SQL, in the enumeration's order."""
    return "(" + ", ".join(f"'{each.value}'" for each in kind if each in words) + ")"


_UNCLEAN_DRIVE = """
    drive.destroyed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM erasures AS erasure
        WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
    )
"""
_UNCLEAN = f"""
    SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
    WHERE stay.device_id = NEW.id AND {_UNCLEAN_DRIVE}
"""  # noqa: S608 - no value from outside
_NO_DRIVE = "NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)"
_NO_LABEL = "NEW.labelled_at IS NULL"
# Kinds that hold no data have nothing to be declared absent; a drive found in one counts all the same.
_HOLDS_DATA = f"NEW.kind NOT IN {_listed(DeviceKind, WITHOUT_DATA)}"
_CLOSED = f"EXISTS ({_UNCLEAN}) OR ({_HOLDS_DATA} AND {_NO_DRIVE}) OR {_NO_LABEL}"

_PAST = _listed(DeviceState, PAST_THE_GATE)
_PASSING = f"((NEW.state = 'ready' AND OLD.state <> 'ready') OR (NEW.state IN {_PAST} AND OLD.state NOT IN {_PAST}))"
_ENTERING_UNCLEAN = f"EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND {_UNCLEAN_DRIVE})"  # noqa: S608
_HOST_HAS_PASSED = f"EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN {_PAST})"  # noqa: S608

READY_GATE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            "CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices "
            f"WHEN {_PASSING} AND ({_CLOSED}) "
            "BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END"
        ),
        (
            f"CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices WHEN NEW.state IN {_PAST} AND ({_CLOSED}) "
            "BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END"
        ),
        (
            f"CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays WHEN {_HOST_HAS_PASSED} AND {_ENTERING_UNCLEAN} "
            "BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END"
        ),
    ),
    "postgresql": (
        (
            f"CREATE FUNCTION devices_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_CLOSED} THEN "
            "RAISE EXCEPTION 'devices_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices FOR EACH ROW "
            f"WHEN {_PASSING} EXECUTE FUNCTION devices_ready_gate()"
        ),
        (
            "CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices FOR EACH ROW "
            f"WHEN (NEW.state IN {_PAST}) EXECUTE FUNCTION devices_ready_gate()"
        ),
        # The share lock makes a drive that enters and a device that passes wait for each other, so that the second sees the first.
        (
            "CREATE FUNCTION drive_stays_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE; "
            f"IF {_HOST_HAS_PASSED} AND {_ENTERING_UNCLEAN} THEN "
            "RAISE EXCEPTION 'drive_stays_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        ),
        "CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_ready_gate()",
    ),
}
