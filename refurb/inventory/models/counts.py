"""What the inventory keeps counted: devices by state, age and donation, deeds by month, the length of stays, categories, drives."""

# ruff: noqa: S608 - statements are made of our own declarations (tables, columns, words of enumerations); no value from outside is.

from refurb.inventory.words.devices import LANES, DeviceState
from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql

# The deeds that the months count.
DEEDS_COUNTED = ("created", "finish_erasure", "pass_tests", "hand_over")

# Lengths of stays are kept by half hours: every figure that is shown (whole hours, whole days, less than an hour) rounds at one of their
# edges. A stay that lasted an exact number of them has a place of its own, between two half hours: `2 * number`.
HALF_HOUR = 1_800
PLACES_A_DAY = 96


def _listed(words: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{each}'" for each in words) + ")"


_LANES = _listed(tuple(each.value for each in LANES))
_STATES = _listed(tuple(each.value for each in DeviceState))
_IS_MERGED = "EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = {} AND joined.merged_into_id IS NOT NULL)"


def _by_state(row: str, _sql: Sql) -> Counted:
    return Counted((f"{row}.state", f"{row}.kind"), f"{row}.merged_into_id IS NULL")


# By state and kind. A record that was joined to another is no device, here and below.
DEVICES = CountKind("devices", (Rows("devices", _by_state, ("state", "kind", "merged_into_id")),))


def _by_week(row: str, sql: Sql) -> Counted:
    return Counted((f"{row}.state", f"{row}.kind", sql.week(f"{row}.moved_at")), f"{row}.state IN {_LANES}")


# By state, kind, and the week in which they came there; of the states on the board.
DEVICES_SINCE = CountKind("devices_since", (Rows("devices", _by_week, ("state", "kind", "moved_at")),))


def _by_donation(row: str, _sql: Sql) -> Counted:
    return Counted((f"CAST({row}.donation_id AS TEXT)", f"{row}.state"), f"{row}.merged_into_id IS NULL")


# By donation and state.
DEVICES_OF_DONATIONS = CountKind("donation_devices", (Rows("devices", _by_donation, ("donation_id", "state", "merged_into_id")),))


def _is_first(row: str, _sql: Sql) -> Counted:
    earlier = f"other.donation_id = {row}.donation_id AND other.merged_into_id IS NULL AND other.id < {row}.id"
    return Counted((), f"{row}.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE {earlier})")


def _is_alone(row: str, _sql: Sql) -> Counted:
    other = f"other.donation_id = {row}.donation_id AND other.merged_into_id IS NULL AND other.id <> {row}.id"
    return Counted((), f"{row}.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE {other})")


# How many donations have devices: each counts with its first one, and ends with its last.
GIVEN = CountKind(
    "donations_with_devices",
    (
        Rows("devices", _is_first, (), ("INSERT",)),
        Rows("devices", _is_alone, ("donation_id", "merged_into_id"), ("UPDATE", "DELETE")),
    ),
)


def _first_of_its_month(event: str, sql: Sql) -> str:
    return (
        f"{event}.subject_kind = 'device' AND {event}.move IN {_listed(DEEDS_COUNTED)} AND NOT EXISTS ("
        f"SELECT 1 FROM events AS before WHERE before.subject_kind = 'device' AND before.subject_id = {event}.subject_id "
        f"AND before.position < {event}.position AND before.move = {event}.move "
        f"AND {sql.month('before.at')} = {sql.month(f'{event}.at')})"
    )


def _deeds(row: str, sql: Sql) -> Counted:
    where = f"{_first_of_its_month(row, sql)} AND NOT {_IS_MERGED.format(f'{row}.subject_id')}"
    return Counted((sql.month(f"{row}.at"), f"{row}.move"), where)


def _deeds_of(row: str, sql: Sql) -> Counted:
    where = f"event.subject_id = {row}.id AND {row}.merged_into_id IS NULL AND {_first_of_its_month('event', sql)}"
    return Counted((sql.month("event.at"), "event.move"), where, "events AS event")


# By month and move, devices to which it happened: each once a month, whatever is done to it again.
DEEDS = CountKind(
    "deeds",
    (
        Rows("events", _deeds, (), ("INSERT",)),
        Rows("devices", _deeds_of, ("merged_into_id",), ("UPDATE",)),
    ),
)


# What may become of a machine, told by the move that says so; each counts the first time that it happens to it.
FATEFUL = ("created", "pass_tests", "refuse", "strip", "discard", "lose", "join_pool", "come_back")


def _first_ever(event: str, device: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    where = (
        f"{event}.subject_kind = 'device' AND {event}.move IN {_listed(FATEFUL)} AND {device}.id = {event}.subject_id "
        f"AND {device}.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM events AS before WHERE before.subject_kind = 'device' "
        f"AND before.subject_id = {event}.subject_id AND before.position < {event}.position AND before.move = {event}.move)"
    )
    return (sql.month(f"{event}.at"), f"{event}.move", f"{device}.kind"), where


def _fates(row: str, sql: Sql) -> Counted:
    return Counted(*_first_ever(row, "device", sql), "devices AS device")


def _fates_of(row: str, sql: Sql) -> Counted:
    return Counted(*_first_ever("event", row, sql), "events AS event")


# By month, move and kind, devices to which it first happened: received, ready, refused… whatever became of them since.
FATES = CountKind(
    "fates",
    (
        Rows("events", _fates, (), ("INSERT",)),
        Rows("devices", _fates_of, ("merged_into_id", "kind"), ("UPDATE",)),
    ),
)


def _stay(row: str, sql: Sql, place: str) -> Counted:
    """What a move ended: the stay in the state that it came from, since the move before it."""
    moved = f"(moved.move = 'created' OR {sql.fact('moved.facts', 'from')} IN {_STATES})"
    entered = (
        f"SELECT moved.position FROM events AS moved WHERE moved.subject_kind = 'device' AND moved.subject_id = {row}.subject_id "
        f"AND moved.position < {row}.position AND {moved} ORDER BY moved.position DESC LIMIT 1"
    )
    state = sql.fact(f"{row}.facts", "from")
    return Counted(
        (state, sql.month(f"{row}.at"), place),
        f"{row}.subject_kind = 'device' AND {state} IN {_LANES} AND entered.subject_kind = 'device' "
        f"AND entered.subject_id = {row}.subject_id AND entered.position = ({entered})",
        "events AS entered",
    )


def _place(row: str, sql: Sql) -> str:
    lasted = sql.seconds("entered.at", f"{row}.at")
    return f"({lasted} / {HALF_HOUR} * 2 + CASE WHEN {lasted} % {HALF_HOUR} = 0 THEN 0 ELSE 1 END)"


def _stay_by_day(row: str, sql: Sql) -> Counted:
    return _stay(row, sql, sql.padded(f"{_place(row, sql)} / {PLACES_A_DAY}", 7))


def _stay_by_half_hour(row: str, sql: Sql) -> Counted:
    return _stay(row, sql, sql.padded(_place(row, sql), 7))


# Stays that ended, by state, month of the end, and whole days; then by half hours, of which one day is read at a time.
STAYS = CountKind("stays", (Rows("events", _stay_by_day, (), ("INSERT",)),))
STAYS_CLOSELY = CountKind("stays_closely", (Rows("events", _stay_by_half_hour, (), ("INSERT",)),))


def _by_category(row: str, _sql: Sql) -> Counted:
    return Counted((f"COALESCE({row}.category, '')",), f"NOT {_IS_MERGED.format(f'{row}.device_id')}")


def _category_of(row: str, _sql: Sql) -> Counted:
    where = f"target.device_id = {row}.id AND {row}.merged_into_id IS NULL"
    return Counted(("COALESCE(target.category, '')",), where, "device_targets AS target")


# Devices that were weighed, by category.
CATEGORIES = CountKind(
    "categories",
    (
        Rows("device_targets", _by_category, ("device_id", "category")),
        Rows("devices", _category_of, ("merged_into_id",), ("UPDATE",)),
    ),
)


def _by_place(row: str, _sql: Sql) -> Counted:
    place = f"CASE WHEN {row}.destroyed_at IS NOT NULL THEN 'destroyed' WHEN {row}.inside THEN 'machine' ELSE 'stock' END"
    return Counted((place,), "1 = 1")


# By where they are: in stock, in a machine, destroyed.
DRIVES = CountKind("drives", (Rows("drives", _by_place, ("destroyed_at", "inside")),))

COUNTS = (DEVICES, DEVICES_SINCE, DEVICES_OF_DONATIONS, GIVEN, DEEDS, FATES, STAYS, STAYS_CLOSELY, CATEGORIES, DRIVES)
