"""Whatever happens to a donation, each sentence of its papers, its page and its letter is true of what happened.

The truth is kept apart, as it is acted out: no query, rule or sum of the service is asked for it.
"""

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refurb.documents.content import Facts, Paragraph, Table
from refurb.documents.models import PaperKind
from refurb.inventory.devices.actions.devices import declare_without_drive, intake_device
from refurb.inventory.dock.actions.intake_slips import slip_draft
from refurb.inventory.dock.actions.reception import refuse_on_arrival
from refurb.inventory.dock.pdf import OnTheDock
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.donor import donor_url
from refurb.inventory.donations.effects.news import news_letter
from refurb.inventory.donations.words import ArrivalRefusal, DrivesInside
from refurb.inventory.duplicates.actions import merge_devices
from refurb.inventory.papers.actions import draft_of
from refurb.inventory.papers.attestable import attestable
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from tests.support.erasures import media
from tests.support.story import evidence, lists, people, proofs, workshop
from tests.support.story.machines import devices_of

LAPTOP, DESKTOP, MONITOR = DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.MONITOR
numbers = itertools.count(1)

STEPS = (
    "read",
    "wipe",
    "fail",
    "destroy",
    "empty",
    "lose",
    "find",
    "discard",
    "turn_away",
    "retype",
    "double",
    "extra",
    "refuse_lot",
    "second",
)
HISTORIES = st.fixed_dictionaries(
    {
        "announced": st.integers(1, 3),
        "screens": st.integers(0, 1),
        "listed": st.none() | st.integers(1, 4),
        "came": st.integers(0, 3),
        "refused": st.integers(0, 2),
        "labels_later": st.booleans(),
        "steps": st.lists(st.tuples(st.sampled_from((*STEPS, "refuse_lot")), st.integers(0, 3)), max_size=9),
    }
)


@dataclass
class Machine:
    """What is true of one machine; its drives by serial, and whether nothing is left on each."""

    device: object
    kind: DeviceKind
    drives: dict[str, bool] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)
    empty: bool = False
    fate: str = "here"

    @property
    def is_open_question(self):
        """Whether nobody knows what it holds."""
        return self.kind is not MONITOR and not self.drives and not self.empty


@dataclass
class Truth:
    """What is true of a donation."""

    donation: object
    announced: Counter
    first: dict = field(default_factory=dict)
    received: Counter = field(default_factory=Counter)
    lots: Counter = field(default_factory=Counter)
    machines: list = field(default_factory=list)
    unlabelled: Counter = field(default_factory=Counter)

    def standing(self, *fates):
        return [each for each in self.machines if each.fate in fates]

    @property
    def kinds(self):
        """By kind: announced, kept, refused, gap."""
        away = Counter(each.kind for each in self.standing("refused"))
        found = {}
        for kind in {*self.announced, *self.received, *self.lots}:
            kept, refused = self.received[kind] - away[kind], self.lots[kind] + away[kind]
            found[kind] = (self.announced[kind], kept, refused, kept + refused - self.announced[kind])
        return found

    def total(self, at):
        return sum(each[at] for each in self.kinds.values())

    @property
    def missing(self):
        return sum(max(0, -each[3]) for each in self.kinds.values())

    @property
    def done(self):
        return [serial for each in self.standing("here", "lost", "waste") for serial, clean in each.drives.items() if clean]

    @property
    def waiting(self):
        return sum(not clean for each in self.standing("here") for clean in each.drives.values())

    @property
    def unread(self):
        return sum(each.is_open_question for each in self.standing("here")) + self.unlabelled[LAPTOP] + self.unlabelled[DESKTOP]

    @property
    def outside(self):
        return sum(each.is_open_question or not all(each.drives.values()) for each in self.standing("lost", "waste"))


def begin(told):
    """Announce, list, receive."""
    kinds = {LAPTOP: told["announced"]} | ({MONITOR: told["screens"]} if told["screens"] else {})
    donation = workshop.announced(kinds)
    truth = Truth(donation, Counter(kinds))
    if told["listed"] is not None:
        rows = [("", "Portable", "Lenovo", "T480", f"LS{next(numbers):08d}", 8, 256, "") for _ in range(told["listed"])]
        lists.imported(donation, lists.csv(*rows))
        if told["listed"] != told["announced"]:
            truth.first[LAPTOP] = told["announced"]
        truth.announced[LAPTOP] = told["listed"]
    counts = {"laptop": told["came"]} | ({"monitor": 1} if told["screens"] else {})
    refused = [{"kind": "laptop", "count": told["refused"], "reason": "broken"}] if told["refused"] else []
    facts = {"received_on": today().isoformat(), "counts": counts, "refused": refused, "detail_later": told["labels_later"]}
    workshop.move(donation, "receive", **facts)
    truth.received = Counter({DeviceKind(kind): count for kind, count in counts.items()})
    truth.lots = +Counter({LAPTOP: told["refused"]})
    if told["labels_later"]:
        truth.unlabelled = Counter(truth.received)
    truth.machines = [Machine(device, device.kind) for device in devices_of(donation)]
    return truth


def step(truth, name, number):
    """Do one thing, where it makes sense; say what is true then."""
    if name == "refuse_lot":
        with unit_of_work():
            refuse_on_arrival(workshop.technician(), truth.donation, kind=MONITOR, count=1, reason=ArrivalRefusal.TOO_OLD)
        truth.lots[MONITOR] += 1
        return
    if name == "extra":
        with unit_of_work():
            device = intake_device(workshop.technician(), truth.donation, LAPTOP)
        truth.received[LAPTOP] += 1
        truth.machines.append(Machine(device, LAPTOP))
        return
    machines = truth.standing("lost" if name == "find" else "here")
    if machines:
        DOES[name](truth, machines[number % len(machines)])


def read(_truth, machine):
    if machine.kind is MONITOR or machine.empty:
        return
    serial = next(iter(machine.drives), f"ST{next(numbers):08d}")
    evidence.read(machine.device, evidence.lshw(evidence.Disk(serial), serial=f"SN{machine.device.id:08d}"))
    machine.drives.setdefault(serial, False)


def second(_truth, machine):
    if not machine.drives:
        return
    serial = f"ST{next(numbers):08d}"
    disks = [evidence.Disk(each) for each in (*(each for each in machine.drives if each not in machine.destroyed), serial)]
    evidence.read(machine.device, evidence.lshw(*disks, serial=f"SN{machine.device.id:08d}"))
    machine.drives[serial] = False


def _of(machine, *, clean):
    return next((serial for serial, is_clean in machine.drives.items() if is_clean is clean and serial not in machine.destroyed), None)


def _log(serial, **facts):
    number = next(numbers)
    evidence.wipe(evidence.Wipe(serial, ended=now() + timedelta(seconds=number), **facts), note=str(number))


def wipe(_truth, machine):
    serial = _of(machine, clean=False)
    if serial:
        _log(serial)
        machine.drives[serial] = True


def fail(_truth, machine):
    serial = _of(machine, clean=True)
    if serial:
        _log(serial, status="-FAILED-")
        machine.drives[serial] = False


def destroy(_truth, machine):
    serial = _of(machine, clean=False)
    if serial:
        proofs.destroyed(proofs.drive_of_serial(serial))
        machine.drives[serial] = True
        machine.destroyed.add(serial)


def empty(_truth, machine):
    if not machine.drives and machine.kind is not MONITOR:
        with unit_of_work():
            declare_without_drive(workshop.technician(), machine.device)
        machine.empty = True


def lose(_truth, machine):
    workshop.fire(machine.device, "lose", reason="introuvable")
    machine.fate = "lost"


def find(_truth, machine):
    workshop.fire(machine.device, "find")
    machine.fate, machine.empty = "here", False
    machine.drives = {serial: serial in machine.destroyed for serial in machine.drives}


def discard(_truth, machine):
    workshop.fire(machine.device, "discard", reason="carte mère brûlée")
    machine.fate = "waste"


def turn_away(_truth, machine):
    workshop.fire(machine.device, "refuse", reason="écran cassé")
    machine.fate = "refused"


def retype(truth, machine):
    if machine.kind is LAPTOP:
        workshop.correct(machine.device, kind=DESKTOP)
        machine.kind = DESKTOP
        truth.received[LAPTOP] -= 1
        truth.received[DESKTOP] += 1


def double(truth, machine):
    """The machine is entered a second time, and the two records are joined."""
    with unit_of_work():
        again = intake_device(workshop.technician(), truth.donation, machine.kind)
    with unit_of_work():
        merge_devices(workshop.technician(), again, machine.device, reason="deux étiquettes")


DOES = {
    each.__name__: each for each in (read, second, wipe, fail, destroy, empty, lose, find, discard, turn_away, retype, double)
}  # fmt: skip


def plain(text):
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").replace("\u2212", "-").split())


def spoken(draft):
    """The running text of a paper."""
    said = [draft.lead or ""]
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            said.append(block.text)
        if isinstance(block, Facts):
            said += [f"{label} : {value}." for label, value in block.items]
    return plain(" ".join(said))


def tables(draft):
    return {plain(block.caption): block for block in draft.blocks if isinstance(block, Table)}


def says(text, pattern, number):
    """That the text says this number, or nothing of the kind where it is nought."""
    found = [int(each) for each in re.findall(pattern, text)]
    assert found == ([number] if number else []), (pattern, number, text)


def quantities_are_true(truth, draft):
    table = tables(draft)["Quantités annoncées, reçues et refusées"]
    told = {row[0]: tuple(int(plain(cell)) for cell in row[1:]) for row in table.rows}
    assert told == {str(DEVICE_KINDS[kind]): counts for kind, counts in truth.kinds.items()}
    assert [int(plain(cell)) for cell in table.total[1:]] == [truth.total(at) for at in range(4)]
    text = spoken(draft)
    assert ("Avant elle, il était annoncé" in text) == bool(truth.first)
    says(text, r"Avant elle, il était annoncé : Ordinateur portable, (\d+)", truth.first.get(LAPTOP, 0))


def unknown_is_said(truth, text):
    says(text, r"(\d+) machines? n'(?:a|ont) pas encore été examinée", truth.unread)
    says(text, r"Pour (\d+) machines?, perdue", truth.outside)


def gift_is_true(truth, draft):
    text, done = spoken(draft), len(truth.done)
    quantities_are_true(truth, draft)
    assert f"{truth.total(1)} unité" in text
    says(text, r"(\d+) appareils?, refusés? à l'arrivée", truth.total(2))
    unknown_is_said(truth, text)
    says(text, r"(\d+) supports? de stockage relevés? reste", truth.waiting)
    everything = bool(done) and not (truth.waiting or truth.unread or truth.outside)
    assert bool(re.search(r"(?:Le support|Les \d+ supports) de stockage (?:a|ont) été effacé", text)) == everything
    if not (everything and done == 1):
        says(text, r"(\d+) supports? de stockage (?:a|ont) été effacé", done)
    assert ("Aucun support de stockage n'a été relevé" in text) == (
        not any(each.drives for each in truth.standing("here", "lost", "waste"))
    )
    assert len(tables(draft)["Matériels reçus"].rows) == len(truth.standing("here", "lost", "waste"))


def erasures_are_true(truth, draft):
    text = spoken(draft)
    destroyed = sum(len(each.destroyed) for each in truth.standing("here", "lost", "waste"))
    nothing_in = [each for each in truth.standing("here", "lost", "waste") if each.empty]
    assert sorted(each["N° de série"] for each in media(draft)) == sorted(truth.done)
    without = tables(draft).get("Appareils arrivés sans support de stockage")
    assert len(without.rows if without else ()) == len(nothing_in)
    if len(truth.done) == 1 and not (nothing_in or truth.waiting or truth.unread or truth.outside):  # Its own page, which counts nothing.
        assert f"Résultat : {'détruit' if destroyed else 'effacé'}" in text
    else:
        assert f"Supports effacés et vérifiés : {len(truth.done) - destroyed}." in text
        assert f"Supports détruits : {destroyed}." in text
        says(text, r"Appareils sans support : (\d+)", len(nothing_in))
        says(text, r"Machines pas encore examinées : (\d+)", truth.unread)
    says(text, r"(\d+) autres? supports? de ce don reste", truth.waiting)
    unknown_is_said(truth, text)
    says(text, r"atteste que (\d+) supports?", len(truth.done))


def page_is_true(truth, html):
    text = plain(re.sub(r"<[^>]+>", " ", html))
    figures = [int(each) for each in re.findall(r'class="big-num">(\d+)<', html)]
    assert figures == [truth.total(1), len(truth.done)], "of fates nothing is told before a month has ended"
    says(text, r"(\d+) machines? (?:n'est|ne sont) pas encore examinée", truth.unread)
    assert ("Pour une machine au moins, perdue" in text) == bool(truth.outside), "said, and not of how many"
    says(text, r"(\d+) machines? annoncées? (?:n'est|ne sont) pas arrivée", truth.missing)
    says(text, r"(\d+) machines? (?:est arrivée|sont arrivées) en plus", sum(max(0, each[3]) for each in truth.kinds.values()))
    says(text, r" ; refusées : (\d+)", truth.total(2))
    if truth.standing("lost", "waste"):
        assert "entre nos mains" not in text


def letter_is_true(truth, letter):
    assert letter.subject.endswith("est arrivé")
    pattern = r"- (.+?) : reçus, (\d+)(?: ; refusés, (\d+))?(?: ; annoncés et pas arrivés, (\d+))?(?: ; en plus de l'annonce, (\d+))?$"
    lines = [plain(line) for line in letter.text.splitlines()]
    told = {row[1]: tuple(int(each or 0) for each in row.groups()[1:]) for line in lines if (row := re.match(pattern, line))}
    assert told == {
        str(DEVICE_KINDS[kind]): (kept, refused, max(0, -gap), max(0, gap))
        for kind, (_announced, kept, refused, gap) in truth.kinds.items()
    }


def everything_is_true(truth, client):
    """Hold each sentence against the truth."""
    donation, coordinator = truth.donation, people.actor(Role.COORDINATOR)
    gift_is_true(truth, draft_of(coordinator, PaperKind.DONATION, donation, [], None))
    anything = bool(truth.done or any(each.empty for each in truth.standing("here", "lost", "waste")))
    assert attestable(donation).anything == anything
    if anything:
        erasures_are_true(truth, draft_of(coordinator, PaperKind.ERASURE, donation, [], None))
    slip = slip_draft(coordinator, donation, OnTheDock("Quai", DrivesInside.UNKNOWN, None, SlipSigning.NONE), None)
    quantities_are_true(truth, slip)
    assert f"{truth.total(1)} unité" in spoken(slip)
    assert "Je ne sais pas" not in spoken(slip)
    letter_is_true(truth, news_letter(donation))
    page_is_true(truth, client.get(donor_url(donation).removeprefix("http://refurb.example")).text)


def lived(app, client, told):
    with app.app_context():
        truth = begin(told)
        for name, number in told["steps"]:
            step(truth, name, number)
        everything_is_true(truth, client)


_OPTIONS = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


def test_each_sentence_is_true_of_what_happened(app, client):
    @settings(max_examples=8, derandomize=True, database=None, **_OPTIONS)
    @given(HISTORIES)
    def live(told):
        lived(app, client, told)

    live()


@pytest.mark.soak
@pytest.mark.both_databases
def test_each_sentence_is_true_of_many_histories(app, client):
    @settings(max_examples=500, database=None, **_OPTIONS)
    @given(HISTORIES)
    def live(told):
        lived(app, client, told)

    live()


def test_the_worst_of_them(app, client):
    lived(
        app,
        client,
        {
            "announced": 3, "screens": 1, "listed": 4, "came": 3, "refused": 1, "labels_later": False,
            "steps": [("read", 0), ("wipe", 0), ("second", 0), ("read", 1), ("lose", 1), ("retype", 0), ("double", 0), ("turn_away", 2)],
        },
    )  # fmt: skip
