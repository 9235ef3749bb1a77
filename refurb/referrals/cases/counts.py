"""What the referrals keep counted: referrals by state, kind and partner, those that wait, allocations, and families served by year."""

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
        (f"substr({sql.month(f'{row}.handed_at')}, 1, 4)",),
        f"allocation.id = {row}.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id "
        "AND referral.state = 'served'",
        "allocations AS allocation, referrals AS referral",
    )


def _served(row: str, sql: Sql) -> Counted:
    return Counted(
        (f"substr({sql.month('handover.handed_at')}, 1, 4)",),
        f"allocation.referral_id = {row}.id AND allocation.replaces_id IS NULL AND handover.allocation_id = allocation.id "
        f"AND {row}.state = 'served'",
        "allocations AS allocation, handovers AS handover",
    )


# Families by the year in which they were handed their device: a referral is served once, by one hand-over; a swap serves nobody anew.
FAMILIES = CountKind(
    "families",
    (
        Rows("handovers", _handed_over, ("allocation_id", "handed_at")),
        Rows("referrals", _served, ("state",), ("UPDATE",)),
    ),
)

BARRIER_MOVES = ("submit", "ask", "refuse", "withdraw", "allocate")


def _barrier(event: str, referral: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    """What happened to a request that was sent: a withdrawn draft never was one."""
    moves = ", ".join(f"'{each}'" for each in BARRIER_MOVES)
    what = f"CASE WHEN {event}.move = 'refuse' THEN 'refuse ' || COALESCE({sql.fact(f'{event}.facts', 'reason')}, '') ELSE {event}.move END"
    keys = f"substr({sql.month(f'{event}.at')}, 1, 4)", what, f"CAST({referral}.partner_id AS TEXT)"
    sent = f"NOT ({event}.move = 'withdraw' AND {sql.fact(f'{event}.facts', 'from')} = 'draft')"
    return keys, f"{event}.subject_kind = 'referral' AND {event}.subject_id = {referral}.id AND {event}.move IN ({moves}) AND {sent}"


def _happened(row: str, sql: Sql) -> Counted:
    return Counted(*_barrier(row, "referral", sql), "referrals AS referral")


def _happened_to(row: str, sql: Sql) -> Counted:
    return Counted(*_barrier("event", row, sql), "events AS event")


# What happened to requests, by the year in which it did, by move (a refusal with its reason), and by partner.
BARRIERS = CountKind(
    "barriers",
    (
        Rows("events", _happened, (), ("INSERT",)),
        Rows("referrals", _happened_to, ("partner_id",), ("UPDATE",)),
    ),
)

COUNTS = (REFERRALS, WAITING, ALLOCATIONS, FAMILIES, BARRIERS)
