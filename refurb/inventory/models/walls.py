"""The gate, once more, in the database: a device cannot be written as ready while a drive it ever held is unaccounted for.

The rule that people meet is `rules.every_drive_is_clean`; this is the wall behind it, whoever writes. The wall has several sides: a device
does not pass with an unclean drive, an unclean drive does not enter a device that has passed, no proof is taken from a drive that is
inside a ready device, and what one person states counts for nothing before another has confirmed it. Run by the migration.
"""

from enum import StrEnum

from refurb.inventory.words.devices import PAST_THE_GATE, SOLDERED, WITHOUT_DATA, DeviceKind, DeviceState


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
_PASSING = f"(NEW.state IN {_PAST} AND NEW.state <> OLD.state)"
_STAYING_READY = "(NEW.state = 'ready' AND OLD.state = 'ready')"
_ENTERING_UNCLEAN = f"EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND {_UNCLEAN_DRIVE})"  # noqa: S608
_HOST_HAS_PASSED = f"EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN {_PAST})"  # noqa: S608

_MOVED_IN = "(NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id OR (NEW.until IS NULL AND OLD.until IS NOT NULL))"

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
            "CREATE TRIGGER devices_ready_gate_facts BEFORE UPDATE OF without_drive_since, labelled_at, kind ON devices "
            f"WHEN {_STAYING_READY} AND ({_CLOSED}) "
            "BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END"
        ),
        (
            f"CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays WHEN {_HOST_HAS_PASSED} AND {_ENTERING_UNCLEAN} "
            "BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END"
        ),
        (
            "CREATE TRIGGER drive_stays_ready_gate_update BEFORE UPDATE OF device_id, drive_id, until ON drive_stays "
            f"WHEN {_MOVED_IN} AND {_HOST_HAS_PASSED} AND {_ENTERING_UNCLEAN} "
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
        (
            "CREATE TRIGGER devices_ready_gate_facts BEFORE UPDATE OF without_drive_since, labelled_at, kind ON devices FOR EACH ROW "
            f"WHEN {_STAYING_READY} EXECUTE FUNCTION devices_ready_gate()"
        ),
        # The share lock makes a drive that enters and a device that passes wait for each other, so that the second sees the first.
        (
            "CREATE FUNCTION drive_stays_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE; "
            f"IF {_HOST_HAS_PASSED} AND {_ENTERING_UNCLEAN} THEN "
            "RAISE EXCEPTION 'drive_stays_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        ),
        "CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_ready_gate()",
        (
            "CREATE TRIGGER drive_stays_ready_gate_update BEFORE UPDATE OF device_id, drive_id, until ON drive_stays FOR EACH ROW "
            f"WHEN {_MOVED_IN} EXECUTE FUNCTION drive_stays_ready_gate()"
        ),
    ),
}


def _wall(name: str, deed: str, table: str, forbidden: str) -> dict[str, tuple[str, ...]]:
    """A wall that refuses a deed (`INSERT`, `UPDATE OF a, b`, `DELETE`) on a table where something forbidden would become true."""
    passed = "OLD" if deed == "DELETE" else "NEW"  # PostgreSQL gives up a deed silently where a trigger returns nothing.
    return {
        "sqlite": (f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {forbidden} BEGIN SELECT RAISE(ABORT, '{name}'); END",),
        "postgresql": (
            (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {forbidden} THEN "
                f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {passed}; END $$"
            ),
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    }


_IS_SOLDERED = f"NEW.kind IN {_listed(DeviceKind, SOLDERED)}"
_RESET_UNCONFIRMED = """NOT EXISTS (
    SELECT 1 FROM erasure_statements AS statement
    WHERE statement.device_id = NEW.id AND statement.confirmed_at IS NOT NULL AND statement.voided_at IS NULL
)"""
_SETTLED_OTHERWISE = """(
    EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = OLD.drive_id AND drive.destroyed_at IS NOT NULL)
    OR EXISTS (
        SELECT 1 FROM erasures AS other
        WHERE other.drive_id = OLD.drive_id AND other.id <> OLD.id AND other.status = 'accepted' AND other.voided_at IS NULL
    )
)"""
_TOO_WEAK = """EXISTS (
    SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
    JOIN donations AS donation ON donation.id = device.donation_id
    WHERE stay.drive_id = NEW.drive_id AND ((donation.least_level = 'purge' AND COALESCE(NEW.level, '') NOT IN ('purge', 'destroy'))
    OR (donation.least_level = 'destroy' AND COALESCE(NEW.level, '') <> 'destroy')
    OR (donation.reads_all_back AND NEW.verification = 'sample'))
)"""
_INSIDE_A_READY_DEVICE = """EXISTS (
    SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
    WHERE stay.drive_id = OLD.drive_id AND stay.until IS NULL AND device.state = 'ready'
)"""

MORE_WALLS: tuple[dict[str, tuple[str, ...]], ...] = (
    # A tablet's or a telephone's memory counts as reset when a second person has confirmed it; what was said before this wall stays said.
    _wall(
        "devices_memory_reset",
        "UPDATE OF without_drive_since, kind",
        "devices",
        f"{_IS_SOLDERED} AND NEW.without_drive_since IS NOT NULL AND (OLD.without_drive_since IS NULL "
        f"OR OLD.kind NOT IN {_listed(DeviceKind, SOLDERED)}) "
        f"AND {_RESET_UNCONFIRMED}",
    ),
    _wall(
        "devices_memory_reset_at_once",
        "INSERT",
        "devices",
        f"{_IS_SOLDERED} AND NEW.without_drive_since IS NOT NULL",
    ),
    _wall(
        "erasures_second_person",
        "UPDATE OF status",
        "erasures",
        "NEW.status = 'accepted' AND EXISTS (SELECT 1 FROM erasure_statements AS statement "
        "WHERE statement.erasure_id = NEW.id AND statement.confirmed_at IS NULL)",
    ),
    _wall(
        "erasure_statements_second_person",
        "INSERT",
        "erasure_statements",
        "NEW.confirmed_at IS NULL AND EXISTS (SELECT 1 FROM erasures AS erasure "
        "WHERE erasure.id = NEW.erasure_id AND erasure.status = 'accepted')",
    ),
    _wall(
        "erasures_ready_gate",
        "UPDATE OF status, voided_at, drive_id",
        "erasures",
        "OLD.status = 'accepted' AND OLD.voided_at IS NULL "
        "AND (NEW.status <> 'accepted' OR NEW.voided_at IS NOT NULL OR NEW.drive_id IS NULL OR NEW.drive_id <> OLD.drive_id) "
        f"AND {_INSIDE_A_READY_DEVICE} AND NOT {_SETTLED_OTHERWISE}",
    ),
    # What is less than a donor's data ask for proves nothing, by whichever door it comes.
    _wall("erasures_data_impact", "UPDATE OF status", "erasures", f"NEW.status = 'accepted' AND OLD.status <> 'accepted' AND {_TOO_WEAK}"),
    _wall("erasures_data_impact_at_once", "INSERT", "erasures", f"NEW.status = 'accepted' AND {_TOO_WEAK}"),
    # A machine that its donor has not released is held until that is proven, and what was proven stays.
    _wall(
        "flags_held_by_releases",
        "UPDATE OF lifted_at",
        "flags",
        "NEW.kind = 'not_released' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM releases AS release WHERE release.device_id = NEW.device_id AND release.proven_at IS NULL)",
    ),
    _wall("releases_stay_proven", "UPDATE OF proven_at", "releases", "OLD.proven_at IS NOT NULL AND NEW.proven_at IS NULL"),
    # Destroyed is destroyed, and was seen by two people; what was noted before this wall stays noted.
    _wall(
        "drives_destroyed",
        "UPDATE OF destroyed_at",
        "drives",
        "(OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS NULL) OR (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM destructions AS destruction "
        "WHERE destruction.drive_id = NEW.id AND destruction.confirmed_at IS NOT NULL))",
    ),
    # « Every drive it ever held »: a stay ends, and is never taken back nor given to another device or drive.
    _wall("drive_stays_remain", "DELETE", "drive_stays", "OLD.id IS NOT NULL"),
    _wall(
        "drive_stays_hold",
        "UPDATE OF device_id, drive_id",
        "drive_stays",
        "NEW.device_id <> OLD.device_id OR NEW.drive_id <> OLD.drive_id",
    ),
    _wall("drives_destroyed_at_once", "INSERT", "drives", "NEW.destroyed_at IS NOT NULL"),
    # What an operator took away is history, and only what is on record as waste goes into a batch: nothing refused on arrival does.
    _wall(
        "waste_lines_enter",
        "INSERT",
        "waste_lines",
        "NOT EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = NEW.batch_id AND batch.state = 'open') "
        "OR (NEW.device_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state = 'waste')) "
        "OR (NEW.drive_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND drive.destroyed_at IS NOT NULL))",
    ),
    _wall(
        "waste_lines_stay",
        "UPDATE OF batch_id, device_id, drive_id, what, count",
        "waste_lines",
        "EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id IN (OLD.batch_id, NEW.batch_id) AND batch.state <> 'open')",
    ),
    _wall(
        "waste_lines_remain",
        "DELETE",
        "waste_lines",
        "EXISTS (SELECT 1 FROM waste_batches AS batch WHERE batch.id = OLD.batch_id AND batch.state <> 'open')",
    ),
    _wall(
        "waste_batches_frozen",
        "UPDATE OF waste_code, operator, operator_siret, slip_type, slip_number, weight_g, collected_on, carrier",
        "waste_batches",
        "OLD.state <> 'open' AND (NEW.waste_code <> OLD.waste_code OR NEW.operator <> OLD.operator OR NEW.slip_type <> OLD.slip_type "
        "OR NEW.slip_number <> OLD.slip_number OR NEW.weight_g <> OLD.weight_g OR NEW.collected_on <> OLD.collected_on)",
    ),
)
