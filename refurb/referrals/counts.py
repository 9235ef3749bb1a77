"""What the referrals keep counted: referrals by state, kind and partner, and families served by year."""

from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql


def _by_state(row: str, _sql: Sql) -> Counted:
    return Counted((f"{row}.state", f"{row}.device_kind", f"CAST({row}.partner_id AS TEXT)"), "1 = 1")


# By state, wanted kind and partner.
REFERRALS = CountKind("referrals", (Rows("referrals", _by_state, ("state", "device_kind", "partner_id")),))


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

COUNTS = (REFERRALS, FAMILIES)
