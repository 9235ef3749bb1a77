"""The figures as tables of lines: exact for the house, protected for whoever is outside; pages, files and papers are made from here."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.directory.sites.queries import site_name
from refurb.inventory.devices.states import device_machine
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _p
from refurb.lending.models import Product
from refurb.referrals.cases.queries.barriers import STOPS
from refurb.reporting.figures.definitions import FIGURES, Figure
from refurb.reporting.figures.numbers import COMPUTERS, FATE_MOVES, Numbers, numbers
from refurb.reporting.figures.periods import FiguresAsked
from refurb.reporting.figures.suppression import FEW, Cover, SumOf, protect
from refurb.visits.queries import VisitFigures, seniors
from refurb.visits.shown import tables as visit_tables
from refurb.visits.words import AGES, OPINIONS, REASONS, RETURNING, SENIORS, FirstTime, Motive, Opinion

SEVERAL = "motifs"
"""The table of visits whose lines add up to more than the visits: several reasons may be told of one (`_reasons`)."""
HELPED = (Opinion.MUCH, Opinion.SOME)


@dataclass(frozen=True)
class FigureLine:
    """One line of a table: its label, and the cell that holds its number."""

    label: str
    cell: Hashable


@dataclass(frozen=True)
class Block:
    """One table: the figure that it belongs to, its heading, its lines, and the cell that they add up to, if they do."""

    key: str
    figure: Figure
    title: str
    lines: tuple[FigureLine, ...]
    whole: Hashable | None = None
    withheld: bool = False


@dataclass
class Report:
    """All figures of what is asked, and how each number is shown to whoever reads."""

    asked: FiguresAsked
    numbers: Numbers
    cells: dict[Hashable, int] = field(default_factory=dict)
    sums: list[SumOf[Hashable]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    unsaid: set[Hashable] = field(default_factory=set)
    shown: Mapping[Hashable, Cover] = field(default_factory=dict)

    def exactly(self, cell: Hashable) -> int | None:
        """The number of a cell, where it may be told."""
        return self.cells.get(cell, 0) if self.shown.get(cell, Cover.EXACT) is Cover.EXACT else None

    def told(self, cell: Hashable) -> int | str:
        """A number as it is read: itself, « moins de 5 », or that it is not shown."""
        how = self.shown.get(cell, Cover.EXACT)
        if how is Cover.EXACT:
            return self.cells.get(cell, 0)
        return _("moins de %(few)s", few=FEW) if how is Cover.FEW else _("non montré")

    def block(self, key: str) -> Block | None:
        """A table by its key, where it has anything to say."""
        return next((each for each in self.blocks if each.key == key), None)

    def most(self, block: Block) -> int:
        """The largest number of a table that is told: what its bars are drawn by."""
        return max((self.exactly(each.cell) or 0 for each in block.lines), default=0)

    @property
    def hides(self) -> bool:
        """Whether any number is not told exactly."""
        return any(how is not Cover.EXACT for cell, how in self.shown.items() if cell not in self.unsaid)

    @property
    def carbon(self) -> int | None:
        """The estimate in kg, where the number of laptops may be told."""
        laptops = self.exactly(("kind", "given", DeviceKind.LAPTOP.value))
        return None if laptops is None else CARBON.in_force().avoided(laptops)

    @property
    def helped_share(self) -> int | None:
        """How many in a hundred of those who answered say that it helped."""
        answered, helped = self.exactly("answered"), self.exactly("helped")
        return round(100 * helped / answered) if answered and helped is not None else None

    # --- how it is put together ---

    def put(self, cell: Hashable, number: int) -> None:
        """A number that stands alone."""
        self.cells[cell] = number

    def table(self, key: str, figure: str, title: str, rows: Sequence[tuple[str, Hashable, int]], whole: Hashable | None = None) -> None:
        """A table of lines, those of nought left out; with `whole`, its lines add up to that cell."""
        kept = [(label, cell, number) for label, cell, number in rows if number]
        self.cells.update({cell: number for _label, cell, number in kept})
        if whole is not None and kept:
            self.sums.append(SumOf(whole, tuple(cell for _label, cell, _number in kept)))
        if kept:
            self.blocks.append(Block(key, FIGURES[figure], title, tuple(FigureLine(label, cell) for label, cell, _number in kept), whole))


MACHINES = ("received", "ready", "fates")
"""What counts machines alone: nobody is told by it."""


def report(asked: FiguresAsked) -> Report:
    """Everything that is counted of what is asked, ready to be read by whoever asks."""
    found = Report(asked, numbers(asked))
    if asked.place is None and asked.partner is None:
        _workshop(found)
    if asked.place is None:
        _families(found)
    if asked.partner is None:
        _lent(found)
        if found.numbers.visits is not None:
            _visits(found, found.numbers.visits)
    if not asked.exact:
        _protect(found)
    return found


def _protect(found: Report) -> None:
    """Hide what may not leave the house; where a number is not told, its place in the order tells nothing of it."""
    people = {cell: number for cell, number in found.cells.items() if not _is_of_machines(cell)}
    found.shown = protect(people, found.sums, found.unsaid)
    found.blocks = [_in_order(found, each) for each in found.blocks]


def _is_of_machines(cell: Hashable) -> bool:
    if cell in MACHINES:
        return True
    return isinstance(cell, tuple) and (cell[0] in MACHINES or (cell[0] == "kind" and cell[1] in MACHINES))


def _in_order(found: Report, block: Block) -> Block:
    if any(found.shown.get(each.cell) is Cover.WITHHELD for each in block.lines):
        return replace(block, lines=(), withheld=True)
    told = [each for each in block.lines if found.exactly(each.cell) is not None]
    return replace(block, lines=(*told, *sorted((each for each in block.lines if each not in told), key=lambda each: each.label)))


def _workshop(found: Report) -> None:
    counted = found.numbers
    for name in ("received", "ready"):
        machines = getattr(counted, name)
        found.put(name, machines.total)
        found.cells.update({(name, month): machines.by_month[month] for month in found.asked.months})
    for name in ("received", "ready", "given"):
        found.cells.update({("kind", name, kind): getattr(counted, name).by_kind[kind] for kind in DeviceKind})
    rows = [(str(device_machine[move].done), ("fates", move), counted.fates[move]) for move in FATE_MOVES]
    found.table("fates", "fates", _("Ce que deviennent les machines"), sorted(rows, key=lambda row: -row[2]))


def _families(found: Report) -> None:
    counted = found.numbers
    found.put("given", counted.given.total)
    found.cells.update({("given", month): counted.given.by_month[month] for month in found.asked.months})
    found.sums.append(SumOf("given", tuple(("given", month) for month in found.asked.months)))
    if found.asked.partner is None:
        found.cells |= {("given", "families"): counted.given_to_families, ("given", "organisations"): counted.given_to_organisations}
        found.sums.append(SumOf("given", (("given", "families"), ("given", "organisations"))))
        found.sums.append(SumOf("given", tuple(("kind", "given", kind.value) for kind in COMPUTERS)))
    found.put("families", counted.families)
    if found.asked.partner is None:
        found.put("organisations", counted.organisations)
    found.put("asks", counted.asks)
    found.put("stops", sum(counted.stops.values()))
    stops = [(str(STOPS.get(key, key)), ("stops", key), number) for key, number in counted.stops.most_common()]
    found.table("stops", "stops", _("Demandes arrêtées"), stops, "stops")
    if found.asked.partner is None:
        _by_partner(found)


def _by_partner(found: Report) -> None:
    counted = found.numbers
    names = _names({*counted.asks_by_partner, *counted.given_by_partner})
    asks = [(names[number], ("asks", number), count) for number, count in counted.asks_by_partner.most_common()]
    found.table("asks", "partners", _("Orientations, par structure"), asks, "asks")
    given = [(names[number], ("given by", number), count) for number, count in counted.given_by_partner.most_common()]
    found.table("given_by", "partners", _("Ordinateurs remis, par structure"), given, ("given", "families"))


def _names(numbers_of: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(numbers_of)))
    return {row.id: row.name for row in rows} if numbers_of else {}


def _lent(found: Report) -> None:
    counted = found.numbers
    found.put("lent", counted.lent)
    names: dict[int, str] = {}
    if counted.lent_by_product:
        rows = db.session.execute(select(Product.id, Product.name).where(Product.id.in_(counted.lent_by_product)))
        names = {row.id: row.name for row in rows}
    products = [(names[number], ("lent product", number), count) for number, count in counted.lent_by_product.most_common()]
    found.table("lent", "lent", _("Prêts, par produit"), products, "lent")
    if found.asked.place is None:
        places = [(site_name(number), ("lent place", number), count) for number, count in counted.lent_by_place.most_common()]
        found.table("lent_places", "lent", _("Prêts, par lieu"), places, "lent")


def _visits(found: Report, visits: VisitFigures) -> None:
    found.put("visits", visits.total)
    if found.asked.place is None:
        places = [(site_name(place), ("visit place", place), number) for place, number in visits.by_place.items()]
        found.table("visit_places", "visits", _("Visites par lieu"), places, "visits")
    for key, heading, rows in visit_tables(visits):
        told = [(label, (key, label), number) for label, number in rows]
        found.table(f"visit_{key}", "visits", _title(key, heading), told, None if key == SEVERAL else "visits")
    _reasons(found)
    old = seniors(visits)
    first = visits.said.get("first_time", {}).get(FirstTime.FIRST, 0)
    found.cells |= {"seniors": old, "younger": visits.total - old, "first times": first}
    found.sums.append(SumOf("visits", ("seniors", "younger")))
    _part(found, "seniors", [("ages", str(AGES[each])) for each in SENIORS])
    _part(found, "first times", [("fois", str(RETURNING[FirstTime.FIRST]))])
    _opinions(found, visits)


def _reasons(found: Report) -> None:
    """What binds the reasons: each is told by no more visits than told one, and all together by no fewer.

    Of a few visits that told one, nothing is said of which.
    """
    untold = (SEVERAL, str(REASONS[Motive.UNTOLD]))
    lines = tuple(cell for cell in found.cells if isinstance(cell, tuple) and cell[0] == SEVERAL and cell != untold)
    if not lines:
        return
    told = found.cells["visits"] - found.cells.setdefault(untold, 0)
    every = sum(found.cells[cell] for cell in lines)
    found.cells |= {"reason told": told, "reasons": every, "reasons more": every - told}
    found.sums += [SumOf("visits", (untold, "reason told")), SumOf("reasons", lines), SumOf("reasons", ("reason told", "reasons more"))]
    found.unsaid |= {"reasons", "reasons more"}
    for cell in lines:
        found.cells["visits without", cell] = told - found.cells[cell]
        found.sums.append(SumOf("reason told", (cell, ("visits without", cell))))
        found.unsaid.add(("visits without", cell))
    if 0 < told < FEW:
        found.unsaid.update(lines)


def _part(found: Report, cell: Hashable, parts: Sequence[Hashable]) -> None:
    """A number that some lines of a table add up to."""
    there = tuple(each for each in parts if each in found.cells)
    if there:
        found.sums.append(SumOf(cell, there))


def _opinions(found: Report, visits: VisitFigures) -> None:
    answers = [(str(OPINIONS[each]), ("opinion", each), visits.opinions.get(each, 0)) for each in OPINIONS]
    answered = sum(number for _label, _cell, number in answers)
    helped = sum(visits.opinions.get(each, 0) for each in HELPED)
    found.cells |= {"answered": answered, "asked": visits.asked, "silent": visits.asked - answered}
    found.cells |= {"helped": helped, "not helped": answered - helped}
    found.table("opinions", "opinions", _("« Ça vous a aidé ? »"), answers, "answered")
    found.sums += [SumOf("asked", ("answered", "silent")), SumOf("answered", ("helped", "not helped"))]
    _part(found, "helped", [("opinion", each) for each in HELPED])
    _part(found, "not helped", [("opinion", each) for each in OPINIONS if each not in HELPED])


def _title(key: str, heading: str) -> str:
    titles: dict[str, Any] = {
        "motifs": _("Visites par motif"), "ages": _("Visites par âge"), "connu": _("Connu grâce à"),
        "fois": _("Première fois ou de retour"),
        "detours": _("Le détour : venus d'abord pour autre chose"), "situations": _p("visit", "Situation"), "genres": _p("visit", "Genre"),
    }  # fmt: skip
    return str(titles.get(key, heading))


def kind_rows(found: Report) -> list[tuple[str, tuple[Hashable, Hashable, Hashable]]]:
    """Each kind of machine of which there is any, with the cells of its three numbers."""
    cells = [(str(DEVICE_KINDS[kind]), tuple(("kind", name, kind.value) for name in ("received", "ready", "given"))) for kind in DeviceKind]
    return [(label, row) for label, row in cells if any(found.cells.get(each) for each in row)]  # type: ignore[misc]  # three each
