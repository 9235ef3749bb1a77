"""What the page of a ceremony shows of its plan: what is left to do, in order, the room, guests beside families."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from refurb.ceremonies.guests.actions import REMINDED_BEFORE
from refurb.ceremonies.guests.figures import DonorFigure, donor_figures
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.queries import HallRoom, guests_of, invited_families, room_of
from refurb.ceremonies.guests.shown import access_said, programme_lines, said_of
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.words import GUEST_KINDS, NEEDS, GuestAnswer, GuestKind, Need
from refurb.ceremonies.models import Ceremony
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.words import _, _n, day

_SHORT = "EEEE d MMMM"


@dataclass(frozen=True)
class PlanDue:
    """One step of the plan: what, until when, and whether it is done; `url` leads to where it is done."""

    icon: str
    tone: str
    what: str
    when: str
    url: str = ""
    label: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return self.tone == "ok"


@dataclass(frozen=True)
class GuestRow:
    """One guest as the organiser reads her."""

    invitation: CeremonyInvitation
    name: str
    who: str
    says: str
    look: Look
    more: str
    places: int


@dataclass(frozen=True)
class PlanShown:
    """Everything that the page of a ceremony shows of its plan."""

    room: HallRoom
    due: Sequence[PlanDue]
    next: PlanDue | None
    guests: Sequence[GuestRow]
    families: Sequence[tuple[str, str, int]]
    programme: Sequence[tuple[str, str]]
    access: str
    to_send: int
    to_send_letters: int


def plan_shown(ceremony: Ceremony, actor: Actor) -> PlanShown:
    """The plan as it stands."""
    guests, families = guests_of(ceremony), invited_families(ceremony)
    every = [*guests, *families]
    sending = [each for each in every if each.state is GuestAnswer.TO_SEND]
    due = _due(ceremony, guests, families)
    left = next((each for each in due if not each.is_done), None)
    donors = [each.guest.organisation_id for each in guests if each.guest and each.guest.kind is GuestKind.DONOR]
    figures = donor_figures(number for number in donors if number)
    return PlanShown(
        room=room_of(ceremony),
        due=due,
        next=left if ceremony.state.is_planned and actor.may(Permission.CEREMONY_WRITE) else None,
        guests=[_row(each, figures) for each in guests],
        families=_families(families),
        programme=programme_lines(ceremony),
        access=access_said(ceremony),
        to_send=len(sending),
        to_send_letters=sum(1 for each in sending if each.guest and not each.guest.email),
    )


def _row(each: CeremonyInvitation, figures: dict[int, DonorFigure]) -> GuestRow:
    guest = each.guest
    assert guest is not None
    house = guest.organisation.name if guest.organisation and guest.organisation.name != guest.name else ""
    figure = figures.get(guest.organisation_id or 0) if guest.kind is GuestKind.DONOR else None
    needs = ", ".join(str(NEEDS[Need(word)]) for word in each.needs)
    letter = _("À faire à la main : pas de courriel") if each.state is GuestAnswer.TO_SEND and not guest.email else ""
    return GuestRow(
        each,
        house or guest.name,
        " · ".join(part for part in (str(GUEST_KINDS[guest.kind]), guest.name if house else "") if part),
        said_of(figure) if figure else _("Le programme"),
        guest_machine.looks[each.state],
        needs or letter,
        each.places,
    )


def _families(families: Sequence[CeremonyInvitation]) -> list[tuple[str, str, int]]:
    count = Counter(each.state for each in families)
    people = sum(each.places for each in families if each.state.is_coming)
    rows = [
        (_n("%(num)s a dit oui", "%(num)s ont dit oui", count[GuestAnswer.COMING]), "user-check", people),
        (_n("%(num)s préfère un rendez-vous", "%(num)s préfèrent un rendez-vous", count[GuestAnswer.DECLINED]), "calendar-check", 0),
        (_n("%(num)s attend une place", "%(num)s attendent une place", count[GuestAnswer.WAITING]), "hourglass", 0),
        (_n("%(num)s n'a pas répondu", "%(num)s n'ont pas répondu", count[GuestAnswer.INVITED]), "circle-help", 0),
        (_n("%(num)s est à inviter", "%(num)s sont à inviter", count[GuestAnswer.TO_SEND]), "mail", 0),
    ]
    numbers = [count[GuestAnswer.COMING], count[GuestAnswer.DECLINED], count[GuestAnswer.WAITING], count[GuestAnswer.INVITED],
               count[GuestAnswer.TO_SEND]]  # fmt: skip
    return [row for row, number in zip(rows, numbers, strict=True) if number]


def _due(ceremony: Ceremony, guests: Sequence[CeremonyInvitation], families: Sequence[CeremonyInvitation]) -> list[PlanDue]:
    """The steps in the order of their days; what is done stays, greyed."""
    held = local(ceremony.starts_at).date()
    change = url_for("ceremonies.change", number=ceremony.id)
    steps = [
        _step(_("Réserver la salle et dire combien elle a de places"), ceremony.room_booked and bool(ceremony.capacity), "", change),
        _step(_("Choisir les remises"), bool(families), "", url_for("ceremonies.families", number=ceremony.id)),
        _asked(_("Inviter les familles"), families, held - timedelta(days=21), ceremony),
        _asked(_("Inviter donateurs, partenaires et élus"), guests, held - timedelta(days=16), ceremony),
    ]
    if ceremony.answer_by and any(each.state is GuestAnswer.INVITED for each in (*guests, *families)):
        steps.append(_reminding(ceremony.answer_by))
    asked = sum(Need.SIGN_LANGUAGE in each.needs for each in (*guests, *families) if each.state.is_coming)
    if asked:
        when = _n("%(num)s personne le demande", "%(num)s personnes le demandent", asked)
        steps.append(_step(_("Réserver l'interprète en langue des signes"), ceremony.interpreter_booked, when, change))
    door = url_for("ceremonies.door_list", number=ceremony.id)
    in_case = _("le %(day)s, si le téléphone tombe", day=day(held, "d MMMM"))
    printing = PlanDue("circle", "todo", _("Imprimer la liste de la porte"), in_case, door)
    return [*steps, printing]


def _step(what: str, done: bool, when: str, url: str) -> PlanDue:  # noqa: FBT001 - read at the call
    if done:
        return PlanDue("circle-check", "ok", what, _("fait"))
    return PlanDue("circle-dot", "work", what, when, url)


def _asked(what: str, invitations: Sequence[CeremonyInvitation], by: date, ceremony: Ceremony) -> PlanDue:
    """Whether everybody of a sort was invited; nobody to invite is not done."""
    invitations = [each for each in invitations if not each.state.is_off]
    waiting = sum(each.state is GuestAnswer.TO_SEND for each in invitations)
    if invitations and not waiting:
        silent = sum(each.state is GuestAnswer.INVITED for each in invitations)
        said = _n("fait, %(num)s réponse manque", "fait, %(num)s réponses manquent", silent) if silent else _("fait")
        return PlanDue("circle-check", "ok", what, said)
    url = url_for("ceremonies.send", number=ceremony.id) if waiting else url_for("ceremonies.donors", number=ceremony.id)
    when = _("avant le %(day)s", day=day(by, "d MMMM")) if by >= today() else _("dès maintenant")
    left = _n("%(when)s, %(num)s reste", "%(when)s, %(num)s restent", waiting, when=when) if waiting else when
    return PlanDue("circle-dot", "work", what, left, url)


def _reminding(answer_by: date) -> PlanDue:
    day_of = answer_by - REMINDED_BEFORE
    if day_of <= today():
        return PlanDue("circle-check", "ok", _("Relancer sans réponse"), _("parti tout seul le %(day)s", day=day(day_of, "d MMMM")))
    return PlanDue("circle", "todo", _("Relancer sans réponse"), _("%(day)s, part tout seul", day=day(day_of, _SHORT)))
