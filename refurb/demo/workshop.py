"""What the technicians of the demonstration do with each machine, step by step, from the sorting table to ready."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from random import Random

from refurb.demo import catalogue as made
from refurb.demo.catalogue import Model, serial
from refurb.demo.diary import Cast, Diary
from refurb.demo.fates import Fate
from refurb.demo.gifts import GIFTS, Gift
from refurb.demo.printouts import Bench, FoundDisk, battery, dmidecode, lshw, nwipe, smartctl
from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checks.actions.checks import Answer, Told, answer_checks, confirm_checks
from refurb.inventory.devices.actions.devices import correct_device, declare_without_drive
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.destructions import confirm_destruction, declare_destruction
from refurb.inventory.evidence.actions.erasures import read_erasure_report
from refurb.inventory.evidence.actions.reports import Upload, read_hardware_reports
from refurb.inventory.evidence.actions.statements import confirm_statement, state_memory_reset
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.labels.actions.labels import print_labels
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import SOLDERED, WITHOUT_DATA, DeviceKind, FlagKind
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import local, now

F = Fate
SEED = 86_000

# How far each fate goes; what is not named stops after the sorting table.
_WIPED = frozenset({F.FAILED_WIPE, F.DESTROYED, F.ERASED, F.MISSING_PART, F.PARTS, F.LOST, F.TESTING, F.SECOND_LOOK, F.READY})
_ERASED = _WIPED - {F.FAILED_WIPE, F.DESTROYED}
_TESTED = frozenset({F.TESTING, F.SECOND_LOOK, F.READY})
_WORN = frozenset({F.FAILED_WIPE, F.DESTROYED})

_SEEN = {
    "shell": "Rayures légères sur le capot, sans gravité.",
    "battery": "Tient 2 h 40 en lecture de vidéo.",
    "keyboard": "La touche « e » répond une fois sur deux.",
}
# What is measured and chosen, in the order of likelihood.
_MEASURED = {
    "battery_health": ("91", "84", "78", "88", "57"),
    "temperature": ("64", "71", "78", "88"),
    "look": ("good", "worn", "worn"),
}


@dataclass(frozen=True)
class Work:
    """One machine of one gift, on its way: `number` counts the machines of the gift, `seed` makes its serials."""

    cast: Cast
    key: str
    model: Model
    fate: Fate
    seed: int
    hands: Actor

    @property
    def device(self) -> Device:
        """Its row, once it has arrived."""
        return self.cast.devices[self.key]

    @property
    def witness(self) -> Actor:
        """The other person of the workshop."""
        return next(each for each in (self.cast.actors["technician"], self.cast.actors["apprentice"]) if each.id != self.hands.id)

    @cached_property
    def bench(self) -> Bench:
        """The machine as the tools see it, the same at each reading."""
        draw = Random(self.seed)
        disks = tuple(
            FoundDisk(each, serial(each.prefix, draw, 6), draw.randrange(2_000, 19_000), is_worn=self.fate in _WORN)
            for each in self.model.disks
        )
        return Bench(self.model, serial(self.model.serial, draw, 4), draw.choice(self.model.ram_gib), disks, self.seed)

    def fire(self, move: str, **facts: object) -> None:
        """Make one move of the machine."""
        device_machine.fire(self.device, move, self.hands, **facts)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def identify(self) -> None:
        """Read the tools' output; what no tool reads is typed from its back."""
        if not self.model.chassis:
            facts = {"manufacturer": self.model.maker, "model": self.model.product, "serial": self.bench.serial}
            correct_device(self.hands, self.device, kind=self.model.kind, **facts)
            return
        smart = smartctl(self.bench)
        uploads = [Upload("lshw.json", lshw(self.bench))]
        uploads += [Upload("smartctl.json", smart)] if smart else []
        worn = battery(self.bench)
        uploads += [Upload("dmidecode.txt", dmidecode(self.bench)), Upload("batterie.txt", worn)] if worn else []
        read_hardware_reports(self.hands, self.device, uploads)

    def wipe(self) -> None:
        """Hand in the log of the run that has just ended, or say that there is nothing to wipe."""
        if self.bench.disks:
            read_erasure_report(self.hands, nwipe(self.bench.disks, now()), f"nwipe_{local(now()):%Y%m%d-%H%M%S}.log")
        elif self.model.kind not in WITHOUT_DATA:
            self._reset() if self.model.kind in SOLDERED else declare_without_drive(self.hands, self.device)

    def _reset(self) -> None:
        """Reset the memory of a tablet or a telephone; a second person has seen the first-start screen."""
        stated = state_memory_reset(
            self.hands, self.device, technique=Technique.ENCRYPTED_RESET, tool="Android", tool_version="13", verification="device",
            ended_at=now(),
        )  # fmt: skip
        confirm_statement(self.witness, stated)

    def destroy_drives(self) -> None:
        """Drill what cannot be wiped, and put the machine with the waste."""
        for drive in drives_inside(self.device):
            declared = declare_destruction(
                self.hands, drive, method=DestructionMethod.DRILLED, note="Percé à l'atelier, plateaux brisés.", slip="D3E-0117"
            )
            confirm_destruction(self.witness, declared)
        self.fire("discard", reason="Disque détruit, carte mère oxydée.", operator="Éco-organisme de démonstration", slip="D3E-0117")

    def answer(self, *, most: int | None = None, failing: str | None = None) -> None:
        """Answer the checklist: all of it, or its first questions; one may fail."""
        draw, told = Random(self.seed + 1), dict[str, Told]()
        for question in checklist_of(self.model.kind).questions[:most]:
            if question.asked_if is not None and question.key not in _MEASURED:
                continue
            beside = question.optional_part and self.model.kind is not DeviceKind.LAPTOP
            answer: str = Answer.NO if question.key == failing else Answer.NOT_APPLICABLE if beside else Answer.YES
            if not beside and question.key in _MEASURED:
                answer = draw.choice(_MEASURED[question.key])
            noted = _SEEN.get(question.key) if question.key == failing or (question.key != "keyboard" and draw.random() < 0.3) else None
            told[question.key] = Told(answer, noted)
        answer_checks(self.hands, self.device, told)
        second = [key for key in told if key in {each.key for each in checklist_of(self.model.kind).questions if each.second_person}]
        confirm_checks(self.cast.actors["coordinator"], self.device, second)

    def flag(self, kind: FlagKind, note: str) -> None:
        """Say what blocks it."""
        raise_flag(self.hands, self.device, kind, note)


Ending = Callable[[Work, Diary, int, str], None]


def plan_workshop(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is done with every machine that has arrived."""
    for place, gift in enumerate(GIFTS):
        if gift.arrived is None:
            continue
        works = [_work(cast, gift, place, number) for number in range(len(gift.machines))]
        for number, work in enumerate(works):
            _plan(work, diary, gift.arrived, number)
        kept = [work for work in works if work.fate not in {F.RECEIVED, F.REFUSED}]
        diary.note(gift.arrived - 1, "12:10", partial(_label, cast, kept))
    # The log of a disk that nobody has brought to the bench yet waits for it.
    stray = FoundDisk(made.BLUE, serial(made.BLUE.prefix, Random(SEED), 6), 0)
    diary.note(4, "17:20", lambda: read_erasure_report(cast.actors["apprentice"], nwipe([stray], now()), "nwipe_banc-2.log"))


def _work(cast: Cast, gift: Gift, place: int, number: int) -> Work:
    model, fate = gift.machines[number]
    hands = cast.actors["technician" if number % 3 else "apprentice"]
    return Work(cast, f"{gift.key}/{number}", model, fate, SEED + 100 * place + number, hands)


def _label(cast: Cast, works: list[Work]) -> None:
    print_labels(cast.actors["technician"], [work.device for work in works], label_formats()["a4-3x8"])


def _plan(work: Work, diary: Diary, arrived: int, number: int) -> None:
    """Sorted the day after it came, wiped within four days, tested within a week."""
    minute = f"{number * 3 % 60:02d}"
    if work.fate is F.RECEIVED:
        return
    if work.fate is F.REFUSED:
        diary.note(arrived, f"14:{minute}", partial(work.fire, "refuse", reason="Écran brisé, batterie gonflée."))
        return
    diary.note(arrived - 1, f"10:{minute}", partial(work.fire, "accept"))
    diary.note(arrived - 1, f"11:{minute}", work.identify)
    if work.fate in _ENDS:
        _ENDS[work.fate](work, diary, arrived - 1, f"15:{minute}")
    _plan_bench(work, diary, arrived - 2 - number % 2, minute)


def _plan_bench(work: Work, diary: Diary, wiped: int, minute: str) -> None:
    if work.fate in _WIPED | {F.ERASING} and work.bench.disks:
        diary.note(wiped, f"09:{minute}", partial(work.fire, "start_erasure"))
    if work.fate in _WIPED:
        diary.note(wiped, f"11:{minute}", work.wipe)
    if work.fate in _ERASED:
        diary.note(wiped, f"14:{minute}", partial(work.fire, "finish_erasure"))
    if work.fate in _LATER:
        _LATER[work.fate](work, diary, wiped - 1, f"15:{minute}")
    if work.fate in _TESTED:
        diary.note(wiped - 1, f"09:{minute}", partial(work.fire, "start_tests"))
        _plan_checks(work, diary, wiped - 2, f"10:{minute}", f"16:{minute}")


def _plan_checks(work: Work, diary: Diary, ago: int, morning: str, evening: str) -> None:
    if work.fate is F.SECOND_LOOK:
        diary.note(ago, morning, work.answer)
        diary.note(ago, evening, partial(work.flag, FlagKind.SECOND_LOOK, "Charnière gauche dure : cassera-t-elle ?"))
    elif work.fate is F.TESTING:
        odd = work.seed % 2
        diary.note(ago, morning, partial(work.answer, failing="keyboard") if odd else partial(work.answer, most=6))
    else:
        diary.note(ago, morning, work.answer)
        diary.note(ago, evening, partial(work.fire, "pass_tests"))


def _lock(kind: FlagKind, note: str) -> Ending:
    return lambda work, diary, ago, clock: diary.note(ago, clock, partial(work.flag, kind, note))


def _leave(move: str, **facts: str) -> Ending:
    return lambda work, diary, ago, clock: diary.note(ago, clock, partial(work.fire, move, **facts))


# What ends or stops a way through the workshop: on the day of the sorting table, or on the one after the wipe.
_ENDS: dict[Fate, Ending] = {
    F.BIOS_LOCKED: _lock(FlagKind.BIOS_LOCKED, "Mot de passe demandé au démarrage ; le donateur le cherche."),
    F.ACTIVATION_LOCK: _lock(FlagKind.ACTIVATION_LOCK, "Compte de l'ancien utilisateur encore actif."),
    F.WASTE: _leave(
        "discard", reason="Dalle fêlée, rétroéclairage hors service.", operator="Éco-organisme de démonstration", slip="D3E-0124"
    ),
}
_LATER: dict[Fate, Ending] = {
    F.DESTROYED: lambda work, diary, ago, clock: diary.note(ago, clock, work.destroy_drives),
    F.MISSING_PART: _lock(FlagKind.MISSING_PART, "Bloc d'alimentation manquant, commandé."),
    F.PARTS: _leave("strip", reason="Écran fendu : mémoire, clavier et batterie gardés pour pièces."),
    F.LOST: _leave("lose", reason="Introuvable au rangement de l'étagère B."),
}
