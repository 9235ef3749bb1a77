"""What the referrals keep counted: referrals by state, those that wait, allocations; families, machines given and barriers by month."""

from collections.abc import Callable

from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql


def _by_state(row: str, _sql: Sql) -> Counted:
    return Counted((f"{row}.state", f"{row}.device_kind", f"CAST({row}.partner_id AS TEXT)"), "1 = 1")


# By state, wanted kind and partner.
REFERRALS = CountKind("referrals", (Rows("referrals", _by_state, ("state", "device_kind", "partner_id")),))


def _waiting(row: str, _sql: Sql) -> Counted:
    said = f"COALESCE({row}.situation, '') || ' ' || COALESCE({row}.usage, '') || ' ' || {row}.priority_area"
    return Counted((f"{row}.device_kind", f"CAST({row}.school_children AS TEXT)", said), f"{row}.state = 'waiting'")


# Those that wait, by wanted kind, schoolchildren, and situation, usage and neighbourhood: what the order of the waiting list depends on.
WAITING = CountKind(
    "waiting", (Rows("referrals", _waiting, ("state", "device_kind", "school_children", "situation", "usage", "priority_area")),)
)


def _allocated(row: str, _sql: Sql) -> Counted:
    return Counted((f"{row}.state", "CAST(referral.partner_id AS TEXT)"), f"referral.id = {row}.referral_id", "referrals AS referral")


def _allocated_to(row: str, _sql: Sql) -> Counted:
    return Counted(
        ("allocation.state", f"CAST({row}.partner_id AS TEXT)"), f"allocation.referral_id = {row}.id", "allocations AS allocation"
    )


# Allocations by state, and by the partner of their referral.
ALLOCATIONS = CountKind(
    "allocations",
    (
        Rows("allocations", _allocated, ("state", "referral_id")),
        Rows("referrals", _allocated_to, ("partner_id",), ("UPDATE",)),
    ),
)


def _handed_over(row: str, sql: Sql) -> Counted:
    return Counted(
        (sql.month(f"{row}.handed_at"), "CAST(referral.partner_id AS TEXT)"),
        f"allocation.id = {row}.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id "
        f"AND referral.state = 'served' AND {row}.paper_id IS NOT NULL",
        "allocations AS allocation, referrals AS referral",
    )


def _served(row: str, sql: Sql) -> Counted:
    return Counted(
        (sql.month("handover.handed_at"), f"CAST({row}.partner_id AS TEXT)"),
        f"allocation.referral_id = {row}.id AND allocation.replaces_id IS NULL AND handover.allocation_id = allocation.id "
        f"AND {row}.state = 'served' AND handover.paper_id IS NOT NULL",
        "allocations AS allocation, handovers AS handover",
    )


# Families by the month in which they were handed their device, and partner: a referral is served once, by one signed slip; a swap serves
# nobody anew, nor does what left unsigned and came back.
FAMILIES = CountKind(
    "families",
    (
        Rows("handovers", _handed_over, ("allocation_id", "handed_at", "paper_id")),
        Rows("referrals", _served, ("state", "partner_id"), ("UPDATE",)),
    ),
)


def _given(line: str, handover: str, referral: str, device: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    keys = sql.month(f"{handover}.handed_at"), f"{device}.kind", f"CAST({referral}.partner_id AS TEXT)"
    return keys, (
        f"{handover}.id = {line}.handover_id AND {handover}.paper_id IS NOT NULL AND allocation.id = {line}.allocation_id "
        f"AND {referral}.id = allocation.referral_id AND {device}.id = {line}.device_id"
    )


_BESIDE = {
    "line": "handover_lines AS line", "handover": "handovers AS handover", "referral": "referrals AS referral",
    "device": "devices AS device",
}  # fmt: skip


def _given_by(name: str) -> Callable[[str, Sql], Counted]:
    """What was given, told by a row of one of the four tables that say it."""

    def counted(row: str, sql: Sql) -> Counted:
        named = {each: row if each == name else each for each in _BESIDE}
        keys, where = _given(named["line"], named["handover"], named["referral"], named["device"], sql)
        beside = ", ".join(("allocations AS allocation", *(alias for each, alias in _BESIDE.items() if each != name)))
        return Counted(keys, where, beside)

    return counted


# Machines in the hands of families by a signed slip, by month of the hand-over, kind, and partner; one that comes back stays counted.
GIVEN_TO_FAMILIES = CountKind(
    "given_families",
    (
        Rows("handover_lines", _given_by("line"), ("handover_id", "device_id")),
        Rows("handovers", _given_by("handover"), ("paper_id", "handed_at"), ("UPDATE",)),
        Rows("referrals", _given_by("referral"), ("partner_id",), ("UPDATE",)),
        Rows("devices", _given_by("device"), ("kind",), ("UPDATE",)),
    ),
)


def _endowed(line: str, endowment: str, device: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    keys = sql.month(f"{endowment}.handed_at"), f"{device}.kind", f"CAST({endowment}.organisation_id AS TEXT)"
    return keys, (
        f"{endowment}.id = {line}.endowment_id AND {endowment}.paper_id IS NOT NULL AND {line}.came_back_at IS NULL "
        f"AND {device}.id = {line}.device_id"
    )


def _endowed_line(row: str, sql: Sql) -> Counted:
    return Counted(*_endowed(row, "endowment", "device", sql), "endowments AS endowment, devices AS device")


def _endowment(row: str, sql: Sql) -> Counted:
    return Counted(*_endowed("line", row, "device", sql), "endowment_lines AS line, devices AS device")


def _endowed_device(row: str, sql: Sql) -> Counted:
    return Counted(*_endowed("line", "endowment", row, sql), "endowment_lines AS line, endowments AS endowment")


# The same of organisations, for their own places.
GIVEN_TO_ORGANISATIONS = CountKind(
    "given_places",
    (
        Rows("endowment_lines", _endowed_line, ("endowment_id", "device_id", "came_back_at")),
        Rows("endowments", _endowment, ("paper_id", "handed_at", "organisation_id"), ("UPDATE",)),
        Rows("devices", _endowed_device, ("kind",), ("UPDATE",)),
    ),
)

BARRIER_MOVES = ("submit", "ask", "refuse", "withdraw", "allocate")


def _barrier(event: str, referral: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    """What happened to a request that was sent: a withdrawn draft never was one."""
    moves = ", ".join(f"'{each}'" for each in BARRIER_MOVES)
    what = f"CASE WHEN {event}.move = 'refuse' THEN 'refuse ' || COALESCE({sql.fact(f'{event}.facts', 'reason')}, '') ELSE {event}.move END"
    keys = sql.month(f"{event}.at"), what, f"CAST({referral}.partner_id AS TEXT)"
    sent = f"NOT ({event}.move = 'withdraw' AND {sql.fact(f'{event}.facts', 'from')} = 'draft')"
    return keys, f"{event}.subject_kind = 'referral' AND {event}.subject_id = {referral}.id AND {event}.move IN ({moves}) AND {sent}"


def _happened(row: str, sql: Sql) -> Counted:
    return Counted(*_barrier(row, "referral", sql), "referrals AS referral")


def _happened_to(row: str, sql: Sql) -> Counted:
    return Counted(*_barrier("event", row, sql), "events AS event")


# What happened to requests, by the month in which it did, by move (a refusal with its reason), and by partner.
BARRIERS = CountKind(
    "barriers",
    (
        Rows("events", _happened, (), ("INSERT",)),
        Rows("referrals", _happened_to, ("partner_id",), ("UPDATE",)),
    ),
)

COUNTS = (REFERRALS, WAITING, ALLOCATIONS, FAMILIES, GIVEN_TO_FAMILIES, GIVEN_TO_ORGANISATIONS, BARRIERS)
