"""The machines of the stock and all that hangs on them, written by statements inside the database.

Everything follows from a machine's number, so that every run measures the same stock. Each machine is where its events say, its drive is
proven clean where its state asks for it, and each chain of events is whole; the walls of the database stand while it is written.
"""

import time

from refurb.inventory.evidence.todays_rules import rules_today
from refurb.kernel.deeds.history import GENESIS
from refurb.kernel.speech.codes import ALPHABET, LENGTH
from tests.bench.dialect import Writer

DAY = 86_400
# Donations: one of 800 machines, one of 4,200, then one for each 200.
FIRST, SECOND, USUAL = 800, 4_200, 200
# In so many of a hundred machines; how many events each has behind it.
STATES = {
    "handed_over": (54, 8),
    "ready": (14, 6),
    "to_refurbish": (10, 4),
    "to_erase": (5, 2),
    "received": (5, 1),
    "testing": (5, 5),
    "reserved": (1, 7),
    "in_pool": (2, 7),
    "waste": (3, 3),
    "parts": (1, 3),
}
PAST_THE_GATE = ("ready", "reserved", "handed_over", "in_pool")
MOVES = (
    ("created", "", "received"),
    ("accept", "received", "to_erase"),
    ("start_erasure", "to_erase", "erasing"),
    ("finish_erasure", "erasing", "to_refurbish"),
    ("start_tests", "to_refurbish", "testing"),
    ("pass_tests", "testing", "ready"),
    ("reserve", "ready", "reserved"),
    ("hand_over", "reserved", "handed_over"),
)
MODELS = (
    ("HP", "EliteBook 840 G5"),
    ("Dell", "Latitude 5490"),
    ("Lenovo", "ThinkPad T480s"),
    ("Fujitsu", "LIFEBOOK U747"),
    ("Acer", "TravelMate P2"),
)
CATEGORIES = ("PREMIUM", "A", "A", "B", "B", "B", "C", "HC", "INVENDABLE")
WEIGHED = (
    '{"grade": {"components": [{"part": "ram", "measure": 8, "points": 3, "below": 16, "estimated": false, "medium": null}], '
    '"capped": false, "drives_capped": false}, '
    '"minimum": [{"part": "ram", "verdict": "yes", "wanted": 8, "found": 8, "estimated": false}], '
    '"windows_11": [{"part": "tpm", "verdict": "yes", "wanted": 2.0, "found": 2.0, "estimated": false}]}'
)
REPORTED = (
    '{"tool": "lshw", "manufacturer": "HP", "model": "EliteBook 840 G5", "serial": null, "uuid": null, "chassis": "laptop", '
    '"cpu": "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", "ram_mb": 8192, "ram_modules": [], "drives": [], "gpu": "UHD Graphics 620", '
    '"display": null, "battery": null, "macs": [], "warnings": []}'
)
# Odd numbers that spread neighbours far apart (xxHash's).
_SPREAD = {"state": 2_654_435_761, "model": 2_246_822_519, "pace": 3_266_489_917, "category": 668_265_263}


def numbers(count: int) -> str:
    """A source of the numbers from 1."""
    series = f"SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM each WHERE n < {count}"
    return f"(WITH RECURSIVE each(n) AS ({series}) SELECT n FROM each) AS each"


def code_of(number: str, source: str) -> str:
    """A source of `n` and its `code`, other for each number: all of `source`, whose numbering is an expression."""
    base, digits = len(ALPHABET), range(LENGTH - 1)
    value = f"({number}) * 7368787 % {base ** (LENGTH - 1)}"
    split = ", ".join(f"value / {base ** (LENGTH - 2 - at)} % {base} AS d{at}" for at in digits)
    symbols = " || ".join(f"substr('{ALPHABET}', CAST(d{at} AS INTEGER) + 1, 1)" for at in digits)
    weighed = " + ".join(f"{at + 1} * d{at}" for at in digits)
    check = f"substr('{ALPHABET}', CAST(({weighed}) % {base} AS INTEGER) + 1, 1)"
    parts = f"(SELECT n, {split} FROM (SELECT n, {value} AS value FROM {source}) AS valued) AS split"
    return f"(SELECT n, {symbols} || {check} AS code FROM {parts}) AS coded"


def digest(writer: Writer, kind: str, number: str, position: int, move: str, seconds: str, facts: str, previous: str) -> str:
    """The sum of an event of the first account, as the history computes it; expressions over the source."""
    says = writer.says
    return says.sha256(
        f"""'["' || {previous} || '","{kind}",' || {number} || ',{position},"' || {move} || '","' || {says.iso(seconds)} """
        f"""|| '",1,' || {facts} || ']'"""
    )


def first_event(writer: Writer, kind: str, source: str, number: str, seconds: str, facts: str) -> None:
    """Open the history of each subject of `source`."""
    writer.insert(
        "events",
        source,
        subject_kind=f"'{kind}'",
        subject_id=number,
        position="1",
        move="'created'",
        at=writer.says.instant(seconds),
        actor_id="1",
        facts=writer.says.json(facts),
        previous=f"'{GENESIS}'",
        digest=digest(writer, kind, number, 1, "'created'", seconds, facts, f"'{GENESIS}'"),
    )


def write_machines(writer: Writer, count: int, donor_id: int, second_id: int) -> None:
    """Donations, machines, drives with their proofs, checks, worth, reports, flags, events; `second_id` is who confirms."""
    _number(writer, count)
    _write_donations(writer, donor_id)
    _write_devices(writer)
    _write_drives(writer)
    _write_erasures(writer)
    _let_pass(writer)
    _write_loose_drives(writer, second_id)
    _write_knowledge(writer)
    for position in range(1, len(MOVES) + 1):
        _write_events(writer, position)


def _spread(what: str, modulus: int) -> str:
    return f"(n * {_SPREAD[what]} % 4294967296 / 65536 % {modulus})"


def _chosen(drawn: str, values: list[tuple[int, str]]) -> str:
    """One of some values, each up to its bound."""
    return f"CASE {' '.join(f'WHEN {drawn} < {bound} THEN {value}' for bound, value in values)} END"


def _states() -> list[tuple[int, str]]:
    bounds, bound = [], 0
    for state, (share, _events) in STATES.items():
        bound += share
        bounds.append((bound, f"'{state}'"))
    return bounds


def _number(writer: Writer, count: int) -> None:
    """The machines as numbers: what all other statements ask. `since` is when its donation came, `pace` the seconds between its moves."""
    donation = f"CASE WHEN n <= {FIRST} THEN 1 WHEN n <= {FIRST + SECOND} THEN 2 ELSE 3 + (n - {FIRST + SECOND + 1}) / {USUAL} END"
    days = "CASE donation WHEN 1 THEN 60 WHEN 2 THEN 75 ELSE 60 + donation * 37 % 1000 END"
    steps = " ".join(f"WHEN '{state}' THEN {events}" for state, (_share, events) in STATES.items())
    makers = _chosen(_spread("model", len(MODELS)), [(at + 1, f"'{maker}'") for at, (maker, _model) in enumerate(MODELS)])
    models = _chosen(_spread("model", len(MODELS)), [(at + 1, f"'{model}'") for at, (_maker, model) in enumerate(MODELS)])
    writer.make(
        "machines",
        f"""
        SELECT n, code, donation, state, maker, model, {int(time.time())} - {DAY} * ({days}) AS since, pace, CASE state {steps} END AS steps
        FROM (
            SELECT n, code, {donation} AS donation, {_chosen(_spread("state", 100), _states())} AS state,
                {makers} AS maker, {models} AS model, 3600 * (2 + {_spread("pace", 150)}) AS pace
            FROM {code_of("n", numbers(count))}
        ) AS machine
        """,
    )


def _serial(writer: Writer, letters: str) -> str:
    return f"'{letters}' || {writer.says.numbered('n', 8)}"


def _write_donations(writer: Writer, donor_id: int) -> None:
    says = writer.says
    source = "(SELECT donation AS n, min(since) AS since, count(*) AS count FROM machines GROUP BY donation) AS each ORDER BY n"
    reference = f"'DN-2026-' || {says.numbered('n', 4)}"
    day = says.day("since")
    writer.insert(
        "donations",
        source,
        id="n",
        reference=reference,
        donor_id=str(donor_id),
        legal_origin="'don_entreprise'",
        state="CASE WHEN n <= 2 THEN 'received' WHEN n % 10 = 0 THEN 'sorted' ELSE 'closed' END",
        announced_on=day,
        received_on=day,
    )
    writer.insert("donation_lines", source, donation_id="n", kind="'laptop'", announced="count", received="count")
    writer.insert(
        "erasure_reports",
        source,
        id="n",
        tool="'nwipe'",
        file=says.sha256(reference),
        filename="'nwipe.log'",
        size="1",
        received_at=says.instant("since"),
        judged_by=f"'{rules_today()}'",
    )
    facts = f"""'{{"announced":{{"laptop":' || count || '}},"donor_id":{donor_id},"legal_origin":"don_entreprise","source":"office"}}'"""
    first_event(writer, "donation", source, "n", "since", facts)


def _write_devices(writer: Writer) -> None:
    """In the state before the gate first: their drives come after them."""
    says = writer.says
    writer.insert(
        "codes",
        "machines ORDER BY code",
        code="code",
        subject_kind="CASE state WHEN 'in_pool' THEN 'item' ELSE 'device' END",
        # Items are numbered in the order of their machines.
        subject_id="CASE state WHEN 'in_pool' THEN row_number() OVER (PARTITION BY state ORDER BY n) ELSE n END",
        printed_at=says.instant("since"),
    )
    past = ", ".join(f"'{state}'" for state in PAST_THE_GATE)
    writer.insert(
        "devices",
        "machines ORDER BY n",
        id="n",
        code="code",
        donation_id="donation",
        kind="'laptop'",
        state=f"CASE WHEN state IN ({past}) THEN 'testing' ELSE state END",
        manufacturer="maker",
        model="model",
        serial=_serial(writer, "SN"),
        cpu="'Intel Core i5-8350U'",
        ram_mb="8192",
        received_at=says.instant("since"),
        labelled_at=says.instant("since"),
        moved_at=says.instant("since + (steps - 1) * pace"),
        search=f"lower(code || ' ' || substr(code, 1, 4) || '-' || substr(code, 5, 4) || ' ' || maker || ' ' || model || ' ' || "
        f"{_serial(writer, 'SN')})",
    )


def _write_drives(writer: Writer) -> None:
    writer.insert(
        "drives",
        "machines ORDER BY n",
        id="n",
        manufacturer="'Samsung'",
        model="'PM981'",
        serial=_serial(writer, "DR"),
        size_bytes="256060514304",
        medium="'nvme'",
        health="'good'",
    )
    # What went to waste kept no drive.
    until = f"CASE state WHEN 'waste' THEN {writer.says.instant('since + pace')} END"
    writer.insert("drive_stays", "machines ORDER BY n", drive_id="n", device_id="n", since=writer.says.instant("since"), until=until)


def _write_erasures(writer: Writer) -> None:
    says = writer.says
    writer.insert(
        "erasures",
        "machines WHERE steps >= 4 OR (state = 'waste' AND n % 2 = 0) ORDER BY n",
        report_id="donation",
        drive_id="n",
        serial=_serial(writer, "DR"),
        method="'PRNG Stream'",
        level="'clear'",
        rounds="1",
        verification="'last'",
        started_at=says.instant("since + 2 * pace"),
        ended_at=says.instant("since + 3 * pace"),
        outcome="'success'",
        errors="0",
        medium="'nvme'",
        status="'accepted'",
    )


def _let_pass(writer: Writer) -> None:
    past = ", ".join(f"'{state}'" for state in PAST_THE_GATE)
    asked = f"SELECT n FROM machines WHERE state IN ({past})"
    writer.run(f"UPDATE devices SET state = (SELECT state FROM machines WHERE n = devices.id) WHERE id IN ({asked})")


def _write_loose_drives(writer: Writer, second_id: int) -> None:
    """Of what went to waste, one drive in two lies in stock, wiped; the other was destroyed and seen to be."""
    at = writer.says.instant("since + 2 * pace")
    writer.insert(
        "destructions",
        "machines WHERE state = 'waste' AND n % 2 = 1 ORDER BY n",
        drive_id="n",
        method="'drilled'",
        note="'Percé en trois points.'",
        declared_at=at,
        declared_by="1",
        confirmed_at=at,
        confirmed_by=str(second_id),
    )
    destroyed = "SELECT n FROM machines WHERE state = 'waste' AND n % 2 = 1"
    writer.run(f"UPDATE drives SET destroyed_at = (SELECT {at} FROM machines WHERE n = drives.id) WHERE id IN ({destroyed})")


def _write_knowledge(writer: Writer) -> None:
    """What was asked, read, weighed and marked."""
    says = writer.says
    asked = "(SELECT 1 AS nth, 'screen' AS question UNION ALL SELECT 2, 'keyboard' UNION ALL SELECT 3, 'battery') AS asked"
    writer.insert(
        "check_results",
        f"machines CROSS JOIN {asked} WHERE steps >= 6 ORDER BY n, nth",
        device_id="n",
        question="question",
        answer="'yes'",
        passed="TRUE",
        policy_version="'bench'",
        at=says.instant("since + 5 * pace"),
        actor_id="1",
    )
    writer.insert(
        "hardware_reports",
        "machines WHERE n % 5 = 0 ORDER BY n",
        device_id="n",
        tool="'lshw'",
        file=says.sha256(_serial(writer, "SN")),
        filename="'lshw.json'",
        size="2157",
        facts=says.json(f"'{REPORTED}'"),
        received_at=says.instant("since"),
        actor_id="1",
    )
    categories = [(at + 1, f"'{category}'") for at, category in enumerate(CATEGORIES)]
    writer.insert(
        "device_targets",
        "machines WHERE steps >= 4 ORDER BY n",
        device_id="n",
        policy="'bench'",
        computed_at=says.instant("since + pace"),
        category=_chosen(_spread("category", len(CATEGORIES)), categories),
        points="9",
        minimum="'yes'",
        windows_11="'yes'",
        weighed=says.json(f"'{WEIGHED}'"),
    )
    writer.insert(
        "flags",
        "machines WHERE state IN ('to_refurbish', 'testing') AND n % 10 = 0 ORDER BY n",
        device_id="n",
        kind="'missing_part'",
        raised_at=says.instant("since + pace"),
        raised_by="1",
    )


def _write_events(writer: Writer, position: int) -> None:
    """The event of each machine at one place of its chain: along the way of the work, or where it leaves it."""
    move, source, target = MOVES[position - 1]
    name, facts = f"'{move}'", f"""'{{"from":"{source}","to":"{target}"}}'"""
    if position == 1:
        facts = """'{"code":"' || code || '","donation_id":' || donation || ',"kind":"laptop"}'"""
    if position == STATES["waste"][1]:
        name = f"CASE state WHEN 'waste' THEN 'discard' WHEN 'parts' THEN 'strip' ELSE {name} END"
        leaving = """WHEN 'waste' THEN '{"from":"to_erase","operator":null,"slip":null,"to":"waste"}' """
        facts = f"""CASE state {leaving} WHEN 'parts' THEN '{{"from":"to_erase","to":"parts"}}' ELSE {facts} END"""
    if position == STATES["in_pool"][1]:
        name = f"CASE state WHEN 'in_pool' THEN 'join_pool' ELSE {name} END"
        joined = """'{"components":2,"from":"ready","name":"Portable n° ' || n || '","product_id":1,"to":"in_pool"}'"""
        facts = f"CASE state WHEN 'in_pool' THEN {joined} ELSE {facts} END"
    before = f"LEFT JOIN events AS before ON before.subject_kind = 'device' AND before.subject_id = n AND before.position = {position - 1}"
    previous = f"coalesce(before.digest, '{GENESIS}')"
    seconds = f"since + {position - 1} * pace"
    writer.insert(
        "events",
        f"machines {before} WHERE steps >= {position} ORDER BY n",
        subject_kind="'device'",
        subject_id="n",
        position=str(position),
        move=name,
        at=writer.says.instant(seconds),
        actor_id="1",
        facts=writer.says.json(facts),
        previous=previous,
        digest=digest(writer, "device", "n", position, name, seconds, facts, previous),
    )
