"""The terms of config/policy/loans.toml: for how long each category is lent, and on which days nothing is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.directory.agenda.calendar import Closure, closures_entry, closures_of
from refurb.directory.agenda.days import SiteDays
from refurb.directory.sites.words import NUMBERED_WEEKDAYS
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import ListEntry, MovedEntry, PartEntry, TableEntry, TextEntry, WholeEntry, YesNoEntry
from refurb.kernel.deeds.rulings import RuledLine, Ruling
from refurb.kernel.speech.clock import local, midnight
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _, _l, _lp, _n
from refurb.kernel.speech.words import day as day_said
from refurb.lending.handing import Handing
from refurb.lending.rulings import TermsRule, TermsRuleSchema, TermsRuling, rules_of, ruling_of
from refurb.lending.words import BorrowerKind


class NeverOpen(Conflict):
    """No day is open within a year, what with closures, hours and days of the week: nothing can be due."""

    code = "loan.never_open"


class NotAtStops(Refusal):
    """The category does not travel: it is fetched where it is kept."""

    code = "reservation.not_at_stops"
    status = 422


# A year of closed days in a row would be a mistake in the file.
_FURTHEST = 366


@dataclass(frozen=True)
class Terms:
    """How a category is lent, in days: proposed and at most; `renewals` is how often it may go on.

    Reserved, `advance` days ahead at most, `at_once` of it for one borrower at the same time; taken `preparation` open days before and
    `buffer` open days after; kept `kept` days past its day for whoever has not come. `approval` is whether somebody has to agree first
    (to more dates than `sessions` of one request in any case), for which it is held `hold` days; `offer` is for how many hours of open
    days what was waited for is kept for an answer; `recall` is how many days of notice whoever has it gets, at least, when it is asked
    back sooner; `on_site` is not taken away, `not_lent` not reserved at all; `insurance` and `training` are asked for when it leaves
    (`guarantees/rules.py`); `bring` is in words what else is brought. `check` is in how many days what came back is looked at.
    `keeps_data` is whether what is lent keeps its borrower's accounts and data, so that it is reset when it is back; None where the file
    does not say. `counted` is whether each component is answered for one by one; elsewhere the press that records says that all is there.
    `return_signed` is whether its return is signed too; `at_stops` whether it travels to the stops of the vehicle.
    Where `check` is 0, what comes back whole is free again at once.
    `by` is what a rule for some changed: by key the rule's name, and what holds for the others.
    """

    key: str
    name: str
    picture: str
    days: int
    longest: int
    renewals: int
    keeps_data: bool | None = None
    advance: int = 180
    preparation: int = 0
    buffer: int = 1
    check: int = 3
    hold: int = 3
    kept: int = 2
    at_once: int = 10
    offer: int = 48
    recall: int = 7
    approval: bool = False
    sessions: int = 366
    on_site: bool = False
    not_lent: bool = False
    insurance: bool = False
    training: bool = False
    bring: str = ""
    counted: bool = False
    return_signed: bool = False
    at_stops: bool = True
    by: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    def named_by(self, key: str) -> str:
        """Whose term it is: the category, and the rule for some that changed it."""
        return f"{self.name} ({self.by[key][0]})" if key in self.by else self.name

    def wants_approval(self, dates: int = 1) -> bool:
        """Whether somebody has to agree to so many dates of one request."""
        return self.approval or dates > self.sessions


def _usual(name: str, days: int) -> str:
    return _n("%(name)s : %(num)s jour", "%(name)s : %(num)s jours", days, name=name)


def _longest(name: str, days: int) -> str:
    return _n("%(name)s : %(num)s jour au plus", "%(name)s : %(num)s jours au plus", days, name=name)


@dataclass(frozen=True)
class LoanPolicy:
    """The whole file, and the version by which a loan remembers it; `reminders` are days after a day of return."""

    version: str
    most_items: int
    categories: Mapping[str, Terms]
    closed_weekdays: frozenset[int]
    closures: tuple[Closure, ...]
    rules: tuple[TermsRule, ...] = ()
    reminders: tuple[int, ...] = ()
    suspend_after: int = 0
    suspension_override: bool = True

    def ruling(self, category: str, kind: BorrowerKind, site: int) -> TermsRuling:
        """Which rules hold of a category for a kind of borrower at a place, and which lost."""
        return ruling_of(self.rules, category, kind, site)

    def for_whom(self, kind: BorrowerKind, site: int) -> "LoanPolicy":
        """The policy as it is for a kind of borrower at a place: each category with what its rules change."""
        if not self.rules:
            return self
        return replace(self, categories={key: self._changed(each, self.ruling(key, kind, site)) for key, each in self.categories.items()})

    def _changed(self, terms: Terms, ruling: TermsRuling) -> Terms:
        return replace(terms, **ruling.changes, by={key: (rule.name, getattr(terms, key)) for key, rule in ruling.won.items()})

    def terms(self, category: str) -> Terms:
        """The terms of a category; one that has left the file is lent as anything else is."""
        return self.categories.get(category, self.categories["other"])

    def is_open(self, day: date, days: SiteDays) -> bool:
        """Whether somebody can bring a thing back on that day, to the place of these days; whatever the weekday, to a stop."""
        if days.passages is None and day.isoweekday() in self.closed_weekdays:
            return False
        return days.is_open(day) and not any(each.holds(day) for each in self.closures)

    def latest(self, terms: Terms, out_on: date, days: SiteDays) -> date:
        """The last day that may be agreed on: the last open one within the longest loan, else the first one after it."""
        return self._nearest(out_on + timedelta(days=terms.longest), out_on, days)

    def due_date(self, terms: Terms, out_on: date, days: SiteDays) -> date:
        """The day proposed: the first open one once the usual days have passed, unless that is too late.

        At a stop the last passage within the usual days, else the first one after.
        """
        latest, usual = self.latest(terms, out_on, days), out_on + timedelta(days=terms.days)
        proposed = self.next_open(usual, days) if days.passages is None else self._nearest(usual, out_on, days)
        return min(proposed, latest)

    def due_date_kept(self, terms: Terms, out_on: date, days: SiteDays, kept: date | None) -> date:
        """The day of a reservation, which others may have counted on, where it may be agreed on still; else the day proposed."""
        is_possible = kept is not None and out_on < kept <= self.latest(terms, out_on, days) and self.is_open(kept, days)
        return kept if kept is not None and is_possible else self.due_date(terms, out_on, days)

    def due_ruling(self, terms: Terms, out_on: date, days: SiteDays, agreed: date | None = None) -> Ruling:
        """Why a thing that left on a day is due on the day proposed, or on the day agreed at the counter."""
        proposed, latest, due = out_on + timedelta(days=terms.days), self.latest(terms, out_on, days), self.due_date(terms, out_on, days)
        usual, longest = _usual(terms.named_by("days"), terms.days), _longest(terms.named_by("longest"), terms.longest)
        open_after = _("Le premier jour ouvert ensuite")
        if due == proposed:
            lines = [RuledLine(usual, _("le %(day)s est ouvert", day=day_said(due)))]
            lines.append(RuledLine(longest, _("le %(day)s n'est pas atteint", day=day_said(latest))))
        elif due > proposed:
            lines = [RuledLine(open_after, _("le %(day)s", day=day_said(due)))]
            lines.append(RuledLine(usual, _("le %(day)s est fermé", day=day_said(proposed))))
            lines.append(RuledLine(longest, _("au plus tard le %(day)s", day=day_said(latest))))
        elif days.passages is not None:
            lines = [RuledLine(_("Le dernier passage dans la durée proposée"), _("le %(day)s", day=day_said(due)))]
            lines.append(RuledLine(usual, _("aucun passage le %(day)s", day=day_said(proposed))))
        else:
            lines = [RuledLine(longest, _("au plus tard le %(day)s, un jour ouvert", day=day_said(latest)))]
            lines.append(RuledLine(usual, _("le %(day)s est fermé", day=day_said(proposed))))
            lines.append(RuledLine(open_after, _("il dépasserait la durée la plus longue")))
        for key, said in (("days", _usual), ("longest", _longest)):
            if key in terms.by:
                rule, others = terms.by[key]
                lines.append(RuledLine(said(terms.name, others), _("la règle « %(rule)s » l'emporte", rule=rule)))
        if agreed is not None and agreed != due:
            lines.insert(0, RuledLine(_("Le jour convenu, ou déplacé depuis"), _("le %(day)s", day=day_said(agreed))))
        return Ruling(LOANS.name, self.version, lines[0], tuple(lines[1:]))

    def blocked_from(self, terms: Terms, from_on: date, days: SiteDays) -> date:
        """From when a thing is taken that leaves on a day: its days of preparation are open ones."""
        return self._open_days_from(from_on, terms.preparation, -1, days)

    def blocked_until(self, terms: Terms, due_on: date, days: SiteDays) -> date:
        """Until when a thing is taken that is due on a day, half-open: the days on which it is looked after are open ones."""
        return self._open_days_from(due_on, terms.buffer, 1, days)

    def after_open_hours(self, since: datetime, hours: int, days: SiteDays) -> datetime:
        """When so many hours of open days have passed since an instant: an open day counts from midnight to midnight, a closed one not."""
        at, left = local(since), timedelta(hours=hours)
        for _far in range(_FURTHEST):
            tomorrow = midnight(at.date() + timedelta(days=1))
            if self.is_open(at.date(), days):
                if left <= tomorrow - at:
                    return at + left
                left -= tomorrow - at
            at = tomorrow
        raise NeverOpen

    def taken_from(self, terms: Terms, from_on: date, handing: Handing) -> date:
        """From when a thing is taken that leaves on a day: for a stop, from the last open day of its place on which it can be packed."""
        days = handing.days_kept
        return self.blocked_from(terms, self.last_open(from_on, days) if handing.handover_id else from_on, days)

    def taken_until(self, terms: Terms, to_on: date, handing: Handing) -> date:
        """Until when, half-open: from a stop it is unpacked on the next open day of its place, and looked after from then on."""
        days = handing.days_kept
        if not handing.handover_id:
            return self.blocked_until(terms, to_on, days)
        return max(self.blocked_until(terms, self.next_open(to_on, days), days), to_on + timedelta(days=1))

    def _open_days_from(self, day: date, count: int, step: int, days: SiteDays) -> date:
        for _far in range(_FURTHEST):
            if count <= 0:
                break
            count -= self.is_open(day, days) if step > 0 else self.is_open(day - timedelta(days=1), days)
            day += timedelta(days=step)
        return day

    def _nearest(self, day: date, out_on: date, days: SiteDays) -> date:
        back = day
        while back > out_on:
            if self.is_open(back, days):
                return back
            back -= timedelta(days=1)
        return self.next_open(day, days)

    def last_open(self, day: date, days: SiteDays) -> date:
        """That day, or the last open one before it. Raises `NeverOpen` where none is within a year."""
        for sooner in range(_FURTHEST):
            if self.is_open(day - timedelta(days=sooner), days):
                return day - timedelta(days=sooner)
        raise NeverOpen

    def next_open(self, day: date, days: SiteDays) -> date:
        """That day, or the first open one after it. Raises `NeverOpen` where none is within a year."""
        for later in range(_FURTHEST):
            if self.is_open(day + timedelta(days=later), days):
                return day + timedelta(days=later)
        raise NeverOpen


def travels(loans: LoanPolicy, terms: Terms, handing: Handing) -> None:
    """What changes hands at a stop, lent or reserved, is of a category that travels. Raises `NotAtStops`."""
    if handing.handover_id is not None and not terms.at_stops:
        raise NotAtStops(rule=terms.name, version=loans.version)


class TermsSchema(PolicySchema):
    """How one category is lent."""

    name = TextEntry(label=_lp("policy", "Nom"))
    picture = TextEntry(label=_lp("policy", "Image"))
    days = WholeEntry(1, _FURTHEST, label=_l("Durée proposée"), unit=_lp("unit", "jours"))
    longest = WholeEntry(1, _FURTHEST, label=_l("Durée la plus longue"), unit=_lp("unit", "jours"))
    renewals = WholeEntry(0, 100, label=_lp("policy", "Prolongations"))
    keeps_data = YesNoEntry(load_default=None, label=_l("Garde les données de l'emprunteur"), help=_l("Alors remis à zéro au retour."))
    advance = WholeEntry(0, _FURTHEST, load_default=180, label=_l("Réservable à l'avance"), unit=_lp("unit", "jours"))
    preparation = WholeEntry(0, 20, load_default=0, label=_l("Préparation avant le départ"), unit=_lp("unit", "jours ouverts"))
    buffer = WholeEntry(0, 20, load_default=1, label=_l("Marge après le retour"), unit=_lp("unit", "jours ouverts"))
    check = WholeEntry(0, 30, load_default=3, label=_l("À vérifier au retour sous"), unit=_lp("unit", "jours"))
    hold = WholeEntry(1, 30, load_default=3, label=_l("Mis de côté pendant"), unit=_lp("unit", "jours"))
    kept = WholeEntry(0, 30, load_default=2, label=_l("Attendu après le jour prévu"), unit=_lp("unit", "jours"))
    at_once = WholeEntry(1, 1000, load_default=10, label=_l("Réservables à la fois, au plus"))
    offer = WholeEntry(
        1,
        336,
        load_default=48,
        label=_l("Gardé pour qui attendait"),
        unit=_lp("unit", "heures ouvertes"),
        help=_l("Un jour ouvert compte 24 heures."),
    )
    recall = WholeEntry(0, _FURTHEST, load_default=7, label=_l("Préavis avant un rappel"), unit=_lp("unit", "jours"))
    approval = YesNoEntry(load_default=False, label=_l("Une personne accepte chaque réservation"))
    sessions = WholeEntry(1, 366, load_default=366, label=_l("Séances d'une même demande sans accord, au plus"))
    on_site = YesNoEntry(load_default=False, label=_l("Sur place seulement"))
    not_lent = YesNoEntry(load_default=False, label=_l("N'est pas prêté"))
    insurance = YesNoEntry(
        load_default=False, label=_l("Assurance demandée au départ"), help=_l("Une attestation, ou un engagement sur l'honneur.")
    )
    training = YesNoEntry(load_default=False, label=_l("Formation demandée au départ"))
    bring = TextEntry(
        load_default="", label=_l("À apporter aussi"), help=_l("Dit à qui réserve. Par exemple : « une pièce d'identité ». Vide : rien.")
    )
    counted = YesNoEntry(load_default=False, label=_l("Chaque élément compté un à un au comptoir"))
    return_signed = YesNoEntry(load_default=False, label=_l("Le retour est signé aussi"))
    at_stops = YesNoEntry(load_default=True, label=_l("Se retire aussi aux arrêts du bus"))

    @validates_schema
    def _the_proposed_days_are_not_too_many(self, data: dict[str, Any], **_: Any) -> None:
        if data["days"] > data["longest"]:
            longest = data["longest"]
            raise ValidationError(Wrongly(f"must not be more than longest, {longest}", "policy.days_over_longest", longest=longest), "days")


class LoansSchema(PolicySchema):
    """The shape of loans.toml."""

    most_items = WholeEntry(1, 50, label=_l("Objets par prêt, au plus"))
    closed_weekdays = ListEntry(WholeEntry(1, 7, says=NUMBERED_WEEKDAYS), label=_l("Jours sans retour"))
    closures = closures_entry()
    categories = TableEntry(PartEntry(TermsSchema), least=1, label=_lp("policy", "Catégories"))
    rules = ListEntry(PartEntry(TermsRuleSchema), load_default=(), label=_l("Règles pour certains"))
    reminders = ListEntry(
        WholeEntry(-30, _FURTHEST),
        load_default=(-3, 1, 14, 28),
        label=_l("Rappels"),
        unit=_lp("unit", "jours"),
        help=_l("Après le jour du retour ; avant lui, un nombre négatif. Vide : personne n'est rappelé."),
    )
    suspend_after = WholeEntry(
        0,
        20,
        load_default=3,
        label=_l("Prêts suspendus après"),
        unit=_lp("unit", "rappels"),
        help=_l("0 : personne n'est suspendu sans que l'accueil le décide."),
    )
    suspension_override = YesNoEntry(load_default=True, label=_l("Prêter malgré une suspension, avec une raison"))
    closed_dates = MovedEntry("agenda.toml, as holidays.dates,")
    closed_after_easter = MovedEntry("agenda.toml, as holidays.after_easter,")

    @validates_schema
    def _somebody_can_come(self, data: dict[str, Any], **_: Any) -> None:
        if len(set(data["closed_weekdays"])) == 7:
            raise ValidationError(Wrongly("must leave a day of the week on which the desk is open", "policy.never_open"), "closed_weekdays")
        unknown = [each["category"] for each in data["rules"] if each["category"] not in {None, *data["categories"]}]
        if unknown:
            raise ValidationError(Wrongly(f"names no category: {unknown[0]}", "policy.unknown_category", name=unknown[0]), "rules")
        if "other" not in data["categories"]:
            raise ValidationError(
                Wrongly("must hold other: what has no category of its own is lent so", "policy.other_category"), "categories"
            )


def _loan_policy(content: dict[str, Any], version: str) -> LoanPolicy:
    return LoanPolicy(
        version=version,
        most_items=content["most_items"],
        categories={key: Terms(key=key, **fields) for key, fields in content["categories"].items()},
        closed_weekdays=frozenset(content["closed_weekdays"]),
        closures=closures_of(content["closures"]),
        rules=rules_of(content["rules"]),
        reminders=tuple(sorted(set(content["reminders"]))),
        suspend_after=content["suspend_after"],
        suspension_override=content["suspension_override"],
    )


def _summary(made: LoanPolicy) -> str:
    return ", ".join(_n("%(name)s %(num)s jour", "%(name)s %(num)s jours", each.days, name=each.name) for each in made.categories.values())


LOANS = PolicyFile("loans", PartEntry(LoansSchema), _loan_policy, _l("Durées de prêt"), PolicyGroup.LOANS, _summary)


def loan_policy() -> LoanPolicy:
    """The policy in force; raises `PolicyError`."""
    return LOANS.in_force()
