"""The gate under invented use: whatever is done to devices and drives, in any order, no device past the gate breaks what always holds."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from refurb.inventory.checks.actions.checks import Answer, Told, answer_checks
from refurb.inventory.devices.actions.devices import correct_device, declare_without_drive
from refurb.inventory.devices.actions.flags import lift_flag, raise_flag
from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.destructions import confirm_destruction, declare_destruction, decline_destruction
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.actions.erasures import read_erasure_report
from refurb.inventory.evidence.actions.loose_drives import install_drive
from refurb.inventory.evidence.actions.statements import confirm_statement, decline_statement, state_erasure
from refurb.inventory.evidence.queries.evidence import drives_named
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, ErasureStatement
from refurb.inventory.words.devices import PAST_THE_GATE, DeviceKind, FlagKind
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from tests.support.story import answers, desk, evidence, people
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe, smartctl

DEVICES = st.integers(0, 1)
DRIVES = st.integers(0, 2)
# Moves after which nothing more happens are left out: the interesting life is before them.
ENDS = {"strip", "discard", "refuse", "lose", "merge"}
# The way out and back comes first: what is drawn from a list leans to its beginning.
MOVES = sorted((row for row in device_machine.moves if row.name not in ENDS), key=lambda row: row.name not in {"hand_over", "come_back"})
BAD_WIPES = {
    "failed": {"status": "-FAILED-"},
    "aborted": {"status": "UABORTED"},
    "unverified": {"verified": False},
    "short": {"size": evidence.SIZE - 4096},
    "old": {"before": timedelta(days=9)},
}

worlds = itertools.count(1)
# How often each move was made, so that a run which never comes to the gate cannot pass for one that found it shut.
made: Counter[str] = Counter()


@dataclass
class DriveTruth:
    """What is true of a drive, kept apart from what the service thinks."""

    serial: str
    inside: int | None = None
    seen: bool = False
    clean: bool = False
    was_clean: bool = False
    destroyed: bool = False
    returns: int = 0
    # When the wipe that made it clean ended, and the latest one that said otherwise.
    clean_at: object = None
    dirty_at: object = None

    def wiped(self, at):
        """It was wiped well then; whether it still is depends on what happened since."""
        if self.dirty_at is not None and self.dirty_at >= at:
            return
        self.clean = self.was_clean = True
        self.clean_at = max(at, self.clean_at or at)

    def failed(self, at):
        """A run that ended then left it in an unknown state; a wipe that was over before says nothing any more."""
        self.dirty_at = max(at, self.dirty_at or at)
        if self.clean_at is None or self.clean_at <= at:
            self.clean = self.was_clean = False


@dataclass
class DeviceTruth:
    """What is true of a device."""

    id: int
    serial: str
    ever: set[int] = field(default_factory=set)
    answers: dict[str, bool] = field(default_factory=dict)
    labelled: bool = False
    said_empty: bool = False


class GateMachine(RuleBasedStateMachine):
    """Two devices and three drives in the hands of people who do anything."""

    def __init__(self):
        super().__init__()
        world = next(worlds)
        self.now = now() + timedelta(seconds=1)
        self.files = 0
        self.devices = [DeviceTruth(each.id, f"W{world}M{each.id}") for each in evidence.arrive(count=2)]
        self.drives = [DriveTruth(f"W{world}D{number}") for number in range(3)]
        self.logs = []
        self.statements = []
        self.first, self.second = people.actor(Role.TECHNICIAN), people.actor(Role.COORDINATOR)
        # The life begins at the gate, where there is most to break: one device has passed it, the other came back from a family.
        self.bring_to_the_gate(0)
        self.bring_to_the_gate(1)
        self.go_out_and_come_back(1)
        assert made["come_back"]

    def attempt(self, deed):
        """Do a deed as a door would; whether it was done."""
        try:
            with unit_of_work():
                deed()
        except Refusal:
            return False
        return True

    def device(self, number):
        return db.session.get_one(Device, self.devices[number].id)

    def drive(self, number) -> Drive | None:
        return drives_named([self.drives[number].serial]).get(self.drives[number].serial)

    def disks(self, numbers):
        return [Disk(self.drives[each].serial) for each in sorted(numbers)]

    @rule(number=DEVICES, drives=st.sets(DRIVES, min_size=1), whole=st.booleans())
    def read(self, number, drives, whole):
        self.files += 1
        disks = self.disks(drives)
        content = lshw(*disks, serial=self.devices[number].serial, ram_gib=self.files) if whole else smartctl(*disks) + b" " * self.files
        if self.attempt(lambda: evidence.read_now(self.device(number), content)):
            for each in drives:
                truth = self.drives[each]
                if not truth.seen:
                    self.believe_what_waited(each)
                truth.seen, truth.inside = True, number
                self.devices[number].ever.add(each)
            self.devices[number].said_empty = False

    def believe_what_waited(self, each):
        """The logs of a drive that had not been seen yet, in the order in which they ran."""
        for log in self.logs:
            if log.drive == each:
                self.believe(log)

    def believe(self, log):
        truth = self.drives[log.drive]
        if log.good and log.returns == truth.returns:
            truth.wiped(log.over)
        elif log.says_otherwise:
            truth.failed(log.over)

    @rule(each=DRIVES, how=st.sampled_from(["good", "good", "good", *BAD_WIPES]))
    def wipe(self, each, how):
        self.now += timedelta(seconds=1)
        changes = dict(BAD_WIPES.get(how, {}))
        ended = self.now - changes.pop("before", timedelta())
        wipe = Wipe(self.drives[each].serial, ended=ended, **changes)
        log = Log(each, wipe, how == "good", self.drives[each].returns, how in {"failed", "aborted"})
        self.logs.append(log)
        self.hand_in(log, "")

    @rule(data=st.data())
    def hand_in_again(self, data):
        if self.logs:
            self.files += 1
            self.hand_in(data.draw(st.sampled_from(self.logs)), " " * self.files)

    def hand_in(self, log, note):
        truth = self.drives[log.drive]
        content = nwipe(log.wipe, note=note)
        done = self.attempt(lambda: read_erasure_report(SERVICE, content, "nwipe.log"))
        assert done, "a log is always kept"
        if truth.seen:
            self.believe(log)

    @rule(each=DRIVES)
    def remove(self, each):
        drive, truth = self.drive(each), self.drives[each]
        if drive and truth.inside is not None and self.attempt(lambda: remove_drive(SERVICE, self.device(truth.inside), drive)):
            truth.inside = None

    @rule(each=DRIVES, number=DEVICES)
    def put_in(self, each, number):
        drive, truth = self.drive(each), self.drives[each]
        if drive and self.attempt(lambda: install_drive(SERVICE, self.device(number), drive)):
            made["put_in"] += 1
            truth.inside = number
            self.devices[number].ever.add(each)
            self.devices[number].said_empty = False

    @rule(each=DRIVES, how=st.sampled_from(["confirmed", "confirmed", "declined", "left", "by the same"]))
    def destroy(self, each, how):
        drive, truth = self.drive(each), self.drives[each]
        if not drive:
            return
        facts = {"method": DestructionMethod.DRILLED, "note": "percé"}
        if self.attempt(lambda: declare_destruction(self.first, drive, **facts)):
            truth.inside = None
        waiting = next((said for said in drive.destructions if said.confirmed_at is None and said.declined_at is None), None)
        if waiting is None:
            return
        if how == "confirmed" and self.attempt(lambda: confirm_destruction(self.second, waiting)):
            truth.destroyed = True
        if how == "declined":
            self.attempt(lambda: decline_destruction(self.second, waiting, reason="non"))
        if how == "by the same":
            assert not self.attempt(lambda: confirm_destruction(self.first, waiting)), "nobody confirms alone"

    @rule(each=DRIVES, how=st.sampled_from(["confirmed", "confirmed", "declined", "left", "by the same"]))
    def state(self, each, how):
        """An erasure without a log: true as it is, and worth nothing before another person confirms it."""
        drive, truth = self.drive(each), self.drives[each]
        if not drive or truth.destroyed:
            return
        self.now += timedelta(seconds=1)
        told = {"technique": Technique.OVERWRITE, "tool": "BIOS", "verification": "last", "medium": Medium.SSD, "ended_at": self.now}
        if self.attempt(lambda: self.statements.append((each, self.now, truth.returns, state_erasure(self.first, drive, **told).id))):
            self.decide(len(self.statements) - 1, how)

    @rule(data=st.data(), how=st.sampled_from(["confirmed", "declined", "by the same"]))
    def decide_later(self, data, how):
        if self.statements:
            self.decide(data.draw(st.integers(0, len(self.statements) - 1)), how)

    def decide(self, place, how):
        each, ended, returns, number = self.statements[place]
        statement, truth = db.session.get_one(ErasureStatement, number), self.drives[each]
        if how == "confirmed" and self.attempt(lambda: confirm_statement(self.second, statement)):
            made["confirmed"] += 1
            assert returns == truth.returns, "what was stated before a return is not confirmed after it"
            truth.wiped(ended)
        if how == "declined":
            self.attempt(lambda: decline_statement(self.second, statement, reason="non"))
        if how == "by the same":
            assert not self.attempt(lambda: confirm_statement(self.first, statement)), "nobody confirms alone"

    @rule(number=DEVICES, good=st.sampled_from([True, True, False]))
    def answer(self, number, good):
        device = self.device(number)
        questions = answers.plain_questions(device.kind)
        told = answers.all_good(device.kind)
        if not good:
            told[questions[0].key] = Told(Answer.NO)
        if self.attempt(lambda: answer_checks(SERVICE, device, told)):
            self.devices[number].answers |= {key: each.answer == Answer.YES for key, each in told.items()}

    @rule(number=DEVICES)
    def label(self, number):
        evidence.label(self.device(number))
        self.devices[number].labelled = True

    @rule(number=DEVICES)
    def say_empty(self, number):
        if self.attempt(lambda: declare_without_drive(SERVICE, self.device(number))):
            self.devices[number].said_empty = True

    @rule(number=DEVICES, kind=st.sampled_from([DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.MONITOR]))
    def correct(self, number, kind):
        device = self.device(number)
        self.attempt(
            lambda: correct_device(SERVICE, device, kind=kind, manufacturer=device.manufacturer, model=device.model, serial=device.serial)
        )

    @rule(number=DEVICES, up=st.booleans())
    def flag(self, number, up):
        deed = raise_flag if up else lift_flag
        self.attempt(lambda: deed(SERVICE, self.device(number), FlagKind.SECOND_LOOK))

    @rule(number=DEVICES, name=st.sampled_from([row.name for row in MOVES]))
    def press_anything(self, number, name):
        self.move(number, name)

    @rule(number=DEVICES, data=st.data())
    def press_what_the_state_offers(self, number, data):
        state = self.device(number).state
        offered = [row.name for row in MOVES if state in row.sources]
        if offered:
            self.move(number, data.draw(st.sampled_from(offered)))

    def move(self, number, name):
        self.files += 1
        facts = {"reason": "parce que"}
        if name == "join_pool":
            facts |= {"product_id": self.product(), "name": f"Portable {self.files}", "components": list(desk.TABLET_PARTS)}
        was_ready = self.device(number).state == "ready"
        if not self.attempt(lambda: device_machine.fire(self.device(number), name, SERVICE, **facts)):
            return
        made[name] += 1
        truth = self.devices[number]
        if name in {"come_back", "leave_pool"}:
            truth.answers, truth.said_empty = {}, False
            for each in self.drives:
                if each.inside == number:
                    each.clean, each.clean_at, each.returns = False, None, each.returns + 1
        if name == "back_to_bench" and was_ready:
            truth.answers = {}

    def product(self):
        if not hasattr(self, "_product"):
            self._product = desk.product(f"Ordinateur {self.devices[0].serial}").id
        return self._product

    @rule(number=DEVICES)
    def go_out_and_come_back(self, number):
        for name in ("reserve", "hand_over", "come_back"):
            self.move(number, name)

    @rule(number=DEVICES)
    def bring_to_the_gate(self, number):
        """People who do everything right, so that the gate is passed often enough to be tried."""
        truth = self.devices[number]
        for each in range(3):
            if self.drives[each].inside == number or (each in truth.ever and not self.drives[each].clean):
                self.wipe(each, "good")
        if not truth.ever:
            self.read(number, {number}, whole=True)
            self.wipe(number, "good")
        for name in ("accept", "finish_erasure", "start_tests"):
            self.move(number, name)
        self.answer(number, good=True)
        self.label(number)
        self.flag(number, up=False)
        self.move(number, "pass_tests")

    @invariant()
    def what_always_holds_past_the_gate(self):
        for number, truth in enumerate(self.devices):
            device = self.device(number)
            if device.state not in PAST_THE_GATE:
                continue
            for drive in self.drives:
                if drive.inside == number and device.state == "ready":
                    assert drive.clean, f"{device.state} with {drive}"
                elif drive.inside == number and not drive.clean:
                    # Promised or out when the newer evidence came: it is flagged, and goes no further.
                    assert raised_flags(device), f"{device.state} with {drive}, and nobody is told"
            assert truth.ever or truth.said_empty or device.kind == DeviceKind.MONITOR, f"{device.state}, drives unknown"
            wanted = {each.key for each in answers.plain_questions(device.kind) if each.required}
            assert wanted <= {key for key, passed in truth.answers.items() if passed}, f"{device.state}, checks not passed"
            assert truth.labelled, f"{device.state} without label"
        db.session.rollback()


@dataclass(frozen=True)
class Log:
    """A log that was handed in: about which drive, whether the wipe was good, after how many returns of the drive it ran."""

    drive: int
    wipe: Wipe
    good: bool
    returns: int
    says_otherwise: bool = False

    @property
    def over(self):
        """When the run was over, as its log tells: by the second; one that failed tells only when it began."""
        told = self.wipe.ended if self.wipe.status == "Erased" else self.wipe.ended - timedelta(minutes=38)
        return told.replace(microsecond=0)


def run(examples: int, steps: int, **options) -> None:
    made.clear()
    run_state_machine_as_test(
        GateMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            **options,
        ),
    )
    assert made["pass_tests"] > 2.2 * examples, made


def test_no_device_passes_the_gate_wrongly(context):
    run(8, 25, derandomize=True)


@pytest.mark.soak
def test_no_device_passes_the_gate_wrongly_for_long(context):
    run(400, 60)
