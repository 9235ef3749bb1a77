"""Who received the machines of the stock and who borrows them: referrals and loans, a tenth as many as machines."""

import time

from tests.bench.dialect import Writer
from tests.bench.stock import DAY, code_of, first_event, numbers

# Codes of the machines are the numbers from 1; those of the borrowers begin far above.
BORROWERS_FROM = 5_000_000
LOANS_OF_ONE = 5
# In so many of a hundred of the referrals that have no machine.
WITHOUT = {"waiting": 60, "submitted": 10, "needs_information": 5, "refused": 10, "withdrawn": 10, "draft": 5}
SITUATIONS = ("sans_emploi", "en_emploi", "scolarise", "retraite", "non_communique")
USAGES = ("school", "job_search", "studies", "paperwork", "other")


def write_desk(writer: Writer, count: int, prescribers: list[tuple[int, int]]) -> None:
    """Referrals and loans of a stock of `count` machines; `prescribers` are accounts, each with its organisation."""
    _number_referrals(writer, count // 10)
    _write_referrals(writer, prescribers)
    _write_allocations(writer)
    _write_items(writer)
    _write_loans(writer, count // 10)


def _picked(values: tuple[str, ...] | list[int], number: str) -> str:
    whens = " ".join(f"WHEN {at} THEN {value!r}" for at, value in enumerate(values))
    return f"CASE {number} % {len(values)} {whens} END"


def _number_referrals(writer: Writer, count: int) -> None:
    """Of the referrals, the first hold the machines that are reserved, most others were served; the rest wait or did not get one."""
    whens, bound = [], 0
    for state, share in WITHOUT.items():
        bound += share
        whens.append(f"WHEN each.n * 37 % 100 < {bound} THEN '{state}'")
    order = "CASE state WHEN 'reserved' THEN 0 ELSE 1 END, n"
    # Of the type of what it is compared with: SQLite passes over an index whose column has none.
    number = f"CAST(row_number() OVER (ORDER BY {order}) AS BIGINT)"
    numbered = f"SELECT {number} AS n, n AS machine, state FROM machines WHERE state IN ('reserved', 'handed_over')"
    writer.make("given", f"{numbered} ORDER BY 1 LIMIT {count * 8 // 10}")
    writer.make(
        "asked",
        f"""
        SELECT each.n, machine, {int(time.time())} - {DAY} * (3 + each.n * 17 % 300) AS since,
            CASE state WHEN 'reserved' THEN 'allocated' WHEN 'handed_over' THEN 'served' ELSE CASE {" ".join(whens)} END END AS state
        FROM {numbers(count)} LEFT JOIN given ON given.n = each.n
        """,
    )


def _write_referrals(writer: Writer, prescribers: list[tuple[int, int]]) -> None:
    says = writer.says
    writer.insert("households", "asked ORDER BY n", id="n", created_at=says.instant("since"))
    family = f"'Famille ' || {says.numbered('n', 6)}"
    writer.insert("beneficiaries", "asked ORDER BY n", id="n", household_id="n", first_name="'Camille'", last_name=family)
    writer.insert(
        "referrals",
        "asked ORDER BY n",
        id="n",
        reference=f"'OR-2026-' || {says.numbered('n', 4)}",
        partner_id=_picked([organisation for _account, organisation in prescribers], "n"),
        prescriber_id=_picked([account for account, _organisation in prescribers], "n"),
        beneficiary_id="n",
        state="state",
        device_kind="'laptop'",
        usage=_picked(USAGES, "n / 5"),
        situation=_picked(SITUATIONS, "n"),
        school_children="n % 4",
        has_no_computer="TRUE",
        eligibility_checked_on=says.day("since"),
        notice_given_on=says.day("since"),
        created_at=says.instant("since"),
        submitted_at=f"CASE WHEN state <> 'draft' THEN {says.instant('since')} END",
        refusal_reason="CASE state WHEN 'refused' THEN 'already_equipped' END",
    )
    first_event(writer, "referral", "asked ORDER BY n", "n", "since", "'{}'")


def _write_allocations(writer: Writer) -> None:
    says = writer.says
    writer.insert(
        "allocations",
        "asked WHERE machine IS NOT NULL ORDER BY n",
        id="n",
        device_id="machine",
        referral_id="n",
        state="CASE state WHEN 'served' THEN 'fulfilled' ELSE 'active' END",
        rank="1",
        out_of_order="FALSE",
        reason="''",
        policy_version="'bench'",
        decided_at=says.instant(f"since + {DAY}"),
        decided_by="1",
    )
    writer.insert(
        "handovers",
        "asked WHERE state = 'served' ORDER BY n",
        id="n",
        allocation_id="n",
        place="'Poitiers'",
        handed_at=says.instant(f"since + 2 * {DAY}"),
        handed_by="1",
        signature_kind="'paper'",
    )
    left, put = says.instant(f"CASE state WHEN 'served' THEN since + 2 * {DAY} END"), says.instant(f"since + {DAY}")
    line = {"allocation_id": "n", "handover_id": "CASE state WHEN 'served' THEN n END", "number": "1", "put_at": put}
    writer.insert("handover_lines", "asked WHERE machine IS NOT NULL ORDER BY n", **line, device_id="machine", packed_at=left)
    writer.insert("handover_lines", "asked WHERE state = 'served' ORDER BY n", **line, accessory="'charger'", packed_at=left)


def _write_items(writer: Writer) -> None:
    """The machines of the pool, each an item under its own code."""
    pool = "SELECT row_number() OVER (ORDER BY n) AS n, n AS machine, code, since FROM machines WHERE state = 'in_pool'"
    writer.make("lent", pool)
    writer.insert("products", "(SELECT 1 AS n) AS one", id="1", name="'Ordinateur portable'", category="'computer'")
    writer.insert(
        "items",
        "lent ORDER BY n",
        id="n",
        code="code",
        product_id="1",
        device_id="machine",
        state="CASE n % 20 WHEN 1 THEN 'to_check' WHEN 3 THEN 'incomplete' ELSE 'available' END",
        name="'Portable n° ' || machine",
        search="'portable n° ' || machine || ' ordinateur portable ' || lower(code)",
    )
    parts = "(SELECT 'Chargeur' AS part UNION ALL SELECT 'Housse') AS parts"
    writer.insert(
        "components",
        f"lent CROSS JOIN {parts} ORDER BY n, part",
        item_id="n",
        name="part",
        quantity="1",
        here="1",
        indispensable="FALSE",
        consumable="FALSE",
    )
    first_event(writer, "item", "lent ORDER BY n", "n", "since", """'{"device_id":' || machine || '}'""")


def _write_loans(writer: Writer, count: int) -> None:
    """As many loans as there are referrals, each of one item, the last of each second item still out."""
    says = writer.says
    items = writer.one("SELECT count(*) FROM lent")
    if not items:
        return
    borrowers = count // LOANS_OF_ONE + 1
    people = code_of(f"n + {BORROWERS_FROM}", numbers(borrowers))
    writer.insert("codes", people, code="code", subject_kind="'borrower'", subject_id="n", printed_at=says.instant(str(int(time.time()))))
    writer.insert(
        "borrowers",
        f"{people} ORDER BY n",
        id="n",
        code="code",
        name=f"'Emprunteur ' || {says.numbered('n', 6)}",
        is_adult="TRUE",
        created_at=says.instant(str(int(time.time()) - 400 * DAY)),
        search=f"'emprunteur ' || {says.numbered('n', 6)} || ' ' || lower(code)",
    )
    # The rounds of loans lie a month apart, the last one began up to thirty days ago.
    rounds = (count - 1) // items
    item, turn = f"((n - 1) % {items} + 1)", f"((n - 1) / {items})"
    writer.make(
        "loaned",
        f"""
        SELECT n, {item} AS item, n > {count - items} AND {item} % 2 = 0 AS is_out,
            {int(time.time())} - {DAY} * (30 * ({rounds} - {turn}) + 1 + n % 30) AS since
        FROM {numbers(count)}
        """,
    )
    back = f"CASE WHEN NOT is_out THEN {says.instant(f'since + {DAY} / 2')} END"
    writer.insert(
        "loans",
        "loaned ORDER BY n",
        id="n",
        reference=f"'PR-2026-' || {says.numbered('n', 4)}",
        borrower_id=f"n % {borrowers} + 1",
        state="CASE WHEN is_out THEN 'open' ELSE 'closed' END",
        started_at=says.instant("since"),
        policy_version="'bench'",
    )
    writer.insert(
        "loan_lines",
        "loaned ORDER BY n",
        id="n",
        loan_id="n",
        item_id="item",
        out_at=says.instant("since"),
        due_on=says.day(f"since + 28 * {DAY}"),
        back_at=back,
        lost="FALSE",
    )
    writer.insert(
        "component_counts",
        "loaned CROSS JOIN (SELECT 'Chargeur' AS part UNION ALL SELECT 'Housse') AS parts ORDER BY n, part",
        line_id="n",
        name="part",
        quantity_expected="1",
        quantity_out="1",
        state_out="'complete'",
        quantity_back="CASE WHEN NOT is_out THEN 1 END",
        state_back="CASE WHEN NOT is_out THEN 'complete' END",
    )
    writer.run("UPDATE items SET state = 'lent' WHERE id IN (SELECT item FROM loaned WHERE is_out)")
    first_event(writer, "loan", "loaned ORDER BY n", "n", "since", """'{"counted_at_once":true,"drawn":false,"items":[' || item || ']}'""")
