"""What the pages of an organisation show: the badge of its convention, the one thing that is due, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from refurb.directory.models import Organisation
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.standing import Leave, PartnerStanding
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l, _n, day, moment


@dataclass(frozen=True)
class Badge:
    """A state as it is drawn."""

    kind: str
    icon: str
    word: str


def badge_of(standing: PartnerStanding) -> Badge:
    """How a partner's convention stands, with its day."""
    kind, icon, word = _BADGES[standing.leave, standing.until is not None and standing.leave is Leave.IN_FORCE, standing.soon]
    return Badge(kind, icon, str(word) % {"day": day(standing.until)})


# By leave, whether what is in force has an end, and whether that is soon.
_BADGES = {
    (Leave.ENDED, False, False): ("stop", "circle-x", _l("Finie le %(day)s")),
    (Leave.PREPARING, False, False): ("todo", "circle", _l("Pas encore signée")),
    (Leave.NOT_BEGUN, False, False): ("wait", "hourglass", _l("À partir du %(day)s")),
    (Leave.FREE, False, False): ("todo", "circle", _l("Sans convention")),
    (Leave.IN_FORCE, False, False): ("ok", "file-check-2", _l("Sans fin prévue")),
    (Leave.IN_FORCE, True, True): ("wait", "hourglass", _l("Finit le %(day)s")),
    (Leave.IN_FORCE, True, False): ("ok", "file-check-2", _l("Jusqu'au %(day)s")),
}


@dataclass(frozen=True)
class Due:
    """The one thing to do next for an organisation."""

    kicker: str
    title: str
    text: str
    url: str
    label: str
    icon: str


def due_for(organisation: Organisation, standing: PartnerStanding, conventions: Sequence[Convention], *, is_reached: bool) -> Due | None:
    """What is due first: its convention, then somebody to write to; None where nothing is."""
    if not organisation.is_partner or organisation.archived_at is not None:
        return None
    pending = next((each for each in conventions if each.kind is ConventionKind.PARTNER and each.signed_on is None), None)
    is_due = standing.soon or standing.leave is Leave.ENDED
    if pending is not None and (is_due or standing.leave is Leave.PREPARING):
        return _to_sign(organisation, standing, pending)
    if is_due:
        return _to_renew(organisation, standing)
    return None if is_reached else _to_reach(organisation)


def _to_sign(organisation: Organisation, standing: PartnerStanding, pending: Convention) -> Due:
    url = url_for("organisations.correct_convention_page", reference=organisation.reference, number=pending.reference)
    text = _("Quand elle est signée, notez-en la date : les orientations s'ouvrent à son premier jour.")
    return Due(_when(standing), _("Faire signer la convention"), text, url, _("Noter la signature"), "pen-line")


def _to_renew(organisation: Organisation, standing: PartnerStanding) -> Due:
    url = url_for("organisations.new_convention", reference=organisation.reference)
    ended = standing.leave is Leave.ENDED
    soon = _("Après cette date, elle ne pourra plus orienter ; ses dossiers en cours continueront.")
    text = _("Elle ne peut plus orienter ; ses dossiers en cours continuent.") if ended else soon
    return Due(_when(standing), _("Renouveler la convention"), text, url, _("Préparer la suivante"), "file-text")


def _to_reach(organisation: Organisation) -> Due:
    url = url_for("organisations.new_contact", reference=organisation.reference, pour="referrals")
    text = _("Personne n'y est joignable pour les orientations.")
    return Due("", _("Nommer une personne à joindre"), text, url, _("Ajouter un contact"), "user-plus")


def _when(standing: PartnerStanding) -> str:
    if standing.leave is Leave.ENDED:
        return _("Finie le %(day)s", day=day(standing.until))
    if standing.until is None:
        return ""
    left = (standing.until - today()).days
    return _n("Finit dans %(num)s jour", "Finit dans %(num)s jours", left)


_TOLD = {
    "entered": (_l("Fiche créée"), "circle-plus", "todo"),
    "siren_noted": (_l("SIREN noté"), "hash", "todo"),
    "corrected": (_l("Fiche corrigée"), "pen-line", "todo"),
    "archived": (_l("Archivée"), "archive", "todo"),
    "taken_up": (_l("Reprise des archives"), "undo-2", "ok"),
    "merged": (_l("Réunie à la fiche %(reference)s"), "copy", "todo"),
    "absorbed": (_l("Fiche %(reference)s réunie à celle-ci"), "copy", "ok"),
    "parted": (_l("Séparée à nouveau de la fiche %(reference)s"), "undo-2", "ok"),
    "released": (_l("Fiche %(reference)s séparée à nouveau de celle-ci"), "undo-2", "todo"),
    "taken_as": (_l("Connue aussi à un autre titre"), "circle-plus", "todo"),
    "contact_added": (_l("Contact ajouté"), "user-plus", "todo"),
    "contact_corrected": (_l("Contact corrigé"), "pen-line", "todo"),
    "contact_ended": (_l("Contact qui n'y est plus"), "user-x", "todo"),
    "convention_added": (_l("Convention %(convention)s notée"), "file-plus", "todo"),
    "convention_signed": (_l("Convention %(convention)s signée"), "file-check-2", "ok"),
    "convention_corrected": (_l("Convention %(convention)s corrigée"), "pen-line", "todo"),
    "convention_copied": (_l("Exemplaire signé de la convention %(convention)s gardé"), "file-check-2", "ok"),
    "convention_copy_taken_off": (_l("Exemplaire signé de la convention %(convention)s retiré"), "undo-2", "todo"),
    "convention_voided": (_l("Convention %(convention)s annulée"), "ban", "todo"),
}


@dataclass(frozen=True)
class OrganisationEvent:
    """One event as the history macro draws it."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def history_of_organisation(organisation: Organisation) -> list[OrganisationEvent]:
    """What happened to an organisation, newest first, and by whom."""
    shown = []
    for event in events_of(organisation, most=50):
        text, icon, tone = _TOLD.get(event.move, (event.move, "circle-dot", "todo"))
        shown.append(OrganisationEvent(icon, tone, str(text) % event.facts, wired().name_of(event.actor_id), moment(event.at, near=True)))
    return shown


FEW = 5
"""Numbers of people below this are not written (and above nought), so that nobody is recognised by them."""


def last_year_told(actor: Actor) -> int:
    """The last year of which somebody reads figures: this one within the house, the last that is over outside.

    A year that is not over is told anew each time it is read: the difference of two readings would tell what each of them hides.
    """
    return today().year - (not actor.may(Permission.REPORT_EXACT))


def masked(number: int) -> str:
    """A number of people as it may be read: « moins de 5 » instead of 1 to 4."""
    return str(number) if number == 0 or number >= FEW else _("moins de %(few)s", few=FEW)


def masked_total(parts: Sequence[int]) -> str:
    """The sum of numbers that are masked beside it, so that no subtraction tells them: « plus de 7 » where one of them is small."""
    total, shown = sum(parts), sum(each for each in parts if each >= FEW)
    hidden = sum(0 < each < FEW for each in parts)
    if total < FEW and hidden > 2:  # Of three or four parts, « moins de 5 » would leave hardly a choice.
        return _("au moins %(count)s", count=hidden)
    if total < FEW or shown == total:
        return masked(total)
    return _("plus de %(count)s", count=max(shown, FEW - 1))
