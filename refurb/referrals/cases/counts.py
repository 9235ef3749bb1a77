"""What the referrals keep counted: referrals by state, kind and partner, those that wait, allocations, and families served by year."""

from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql


def _by_state(row: str, _sql: Sql) -> Counted:
    return Counted((f"{row}.state", f"{row}.device_kind", f"CAST({row}.partner_id AS TEXT)"), "1 = 1")


# By state, wanted kind and partner.
REFERRALS = CountKind("referrals", (Rows("referrals", _by_state, ("state", "device_kind", "partner_id")),))


def _waiting(row: str, _sql: Sql) -> Counted:
    said = f"COALESCE({row}.situation, '') || ' ' || COALESCE({row}.usage, '')"
    return Counted((f"{row}.device_kind", f"CAST({row}.school_children AS TEXT)", said), f"{row}.state = 'waiting'")


# Those that wait, by wanted kind, schoolchildren, and situation and usage: what the order of the waiting list depends on.
WAITING = CountKind("waiting", (Rows("referrals", _waiting, ("state", "device_kind", "school_children", "situation", "usage")),))


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
        f"allocation.id = {row}.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served'",
        "allocations AS allocation, referrals AS referral",
    )


def _served(row: str, sql: Sql) -> Counted:
    return Counted(
        (f"substr({sql.month('handover.handed_at')}, 1, 4)",),
        f"allocation.referral_id = {row}.id AND handover.allocation_id = allocation.id AND {row}.state = 'served'",
        "allocations AS allocation, handovers AS handover",
    )


# Families by the year in which they were handed their device: a referral is served once, by one hand-over.
FAMILIES = CountKind(
    "families",
    (
        Rows("handovers", _handed_over, ("allocation_id", "handed_at")),
        Rows("referrals", _served, ("state",), ("UPDATE",)),
    ),
)

COUNTS = (REFERRALS, WAITING, ALLOCATIONS, FAMILIES)
