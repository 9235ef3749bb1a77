"""What we know of a guest of a ceremony, and of whoever agreed to be shown: told to that person, and erased early where nothing binds."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.queries import consents_by, uses_by
from refurb.ceremonies.consents.words import CHANNELS, SHOWINGS, VOICE_ROLES
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.words import GUEST_KINDS, NEEDS, Need
from refurb.ceremonies.retention import forget_consents, forget_invited
from refurb.ceremonies.testimonies.queries import testimonies_by
from refurb.directory.durations import durations
from refurb.documents.models import Paper
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.persons import KnownFact, KnownPart, PersonFile, PersonKind, Tie
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.words import _, _l, day, moment
from refurb.referrals.models import Allocation


def _guest_file(found: CeremonyInvitation | None) -> PersonFile | None:
    if found is None or found.guest is None or found.guest.forgotten_at is not None:
        return None
    path = f"/ceremonies/{found.ceremony_id}/invites/{found.id}"
    return PersonFile(CeremonyInvitation.KIND, found.id, found.code, found.guest.name, path)


def _find_guest(typed: str) -> PersonFile | None:
    code = find_code(typed)
    return _guest_file(db.session.scalar(select(CeremonyInvitation).where(CeremonyInvitation.code == code))) if code else None


def _open_guest(number: int) -> PersonFile | None:
    return _guest_file(db.session.get(CeremonyInvitation, number))


def _known_guest(number: int) -> Sequence[KnownPart]:
    found = db.session.get_one(CeremonyInvitation, number)
    guest, ceremony = found.guest, found.ceremony
    assert guest is not None, "a file of a guest"
    until = local(ceremony.starts_at).date() + durations().guests
    correct = f"/ceremonies/{ceremony.id}/invites/{found.id}/corriger"
    written: tuple[tuple[Any, Any], ...] = (
        (_l("Nom"), guest.name),
        (_l("Invitation"), GUEST_KINDS[guest.kind]),
        (_l("Structure"), guest.organisation.name if guest.organisation else None),
        (_l("Courriel"), guest.email),
        (_l("Adresse postale"), guest.address),
    )
    facts = [KnownFact(label, value, ceremony.title, until, correct) for label, value in written if value]
    parts = [KnownPart(_l("Ce qui est écrit"), facts), *_of_invitation(found, until), *consents_known(found)]
    return [each for each in parts if each.facts]


def _of_invitation(found: CeremonyInvitation, until: date) -> Iterator[KnownPart]:
    said = [KnownFact(_l("Réponse"), guest_machine.looks[found.state].word, found.ceremony.title, until)]
    if found.needs:
        said.append(KnownFact(_l("Besoins"), ", ".join(str(NEEDS[Need(word)]) for word in found.needs), found.ceremony.title, until))
    if found.arrived_at is not None:
        said.append(KnownFact(_l("Entrées"), f"{found.arrived}, {moment(found.arrived_at)}", found.ceremony.title, until))
    yield KnownPart(_l("Cérémonie"), said)


def consents_known(invitation: CeremonyInvitation) -> Iterator[KnownPart]:
    """What is known of the people who come by an invitation and were asked what may be shown of them."""
    for each in consents_by(invitation):
        yield KnownPart(_("Accord de %(name)s", name=each.name), list(_of_consent(each)))


def _of_consent(consent: Consent) -> Iterator[KnownFact]:
    reference = consent.paper.reference if consent.paper else consent.invitation.ceremony.title
    yield KnownFact(_l("Ce qui est signé"), consent.sentence, reference)
    for voice in consent.voices:
        answer = _("a dit oui") if voice.said_yes else _("a dit non") if voice.said_yes is False else _("n'a pas répondu")
        yield KnownFact(VOICE_ROLES[voice.role], f"{voice.name}, {answer}", reference)
    for grant in consent.grants:
        ended = _("retiré le %(day)s", day=day(grant.withdrawn_at)) if grant.withdrawn_at else ""
        said = ", ".join(part for part in (str(SHOWINGS[grant.showing]), ended) if part)
        yield KnownFact(CHANNELS[grant.channel], said, reference, grant.until)
    for use in uses_by(consent):
        down = _("enlevé le %(day)s", day=day(use.taken_down_at)) if use.taken_down_at else _("encore en place")
        yield KnownFact(use.what, f"{use.spot}, {down}", day(use.published_on))
    for each in testimonies_by(consent):
        yield KnownFact(_l("Témoignage"), each.words, day(each.said_on))


def ceremonies_of_referral(number: int) -> Sequence[KnownPart]:
    """What ceremonies know of somebody who was referred: her invitations, and what her people let us show."""
    query = select(CeremonyInvitation).join(Allocation, Allocation.id == CeremonyInvitation.allocation_id)
    found = db.session.scalars(query.where(Allocation.referral_id == number).order_by(CeremonyInvitation.id)).all()
    parts = list[KnownPart]()
    for each in found:
        parts += [*_of_invitation(each, local(each.ceremony.starts_at).date() + durations().guests), *consents_known(each)]
    return parts


def _guest_ties(number: int) -> Sequence[Tie]:
    found = db.session.get_one(CeremonyInvitation, number)
    if found.ceremony.state.is_to_come and not (found.state.is_off or found.state.is_declined):
        return [Tie(_("L'invitation à « %(title)s » tient encore : elle se retire d'abord.", title=found.ceremony.title))]
    return [tie for each in consents_by(found) for tie in _consent_ties(each.id)]


def _erase_guest(number: int) -> None:
    forget_consents([each.id for each in consents_by(db.session.get_one(CeremonyInvitation, number))])
    forget_invited([number])


def _consent_file(found: Consent | None) -> PersonFile | None:
    if found is None or found.forgotten_at is not None or found.paper is None:
        return None
    path = f"/ceremonies/{found.invitation.ceremony_id}/accords/{found.id}"
    return PersonFile(Consent.KIND, found.id, found.paper.reference, found.name, path)


def _find_consent(typed: str) -> PersonFile | None:
    query = select(Consent).join(Consent.paper).where(Paper.reference == typed.strip().upper())
    return _consent_file(db.session.scalar(query))


def _open_consent(number: int) -> PersonFile | None:
    return _consent_file(db.session.get(Consent, number))


def _known_consent(number: int) -> Sequence[KnownPart]:
    return [KnownPart(_l("Accord"), list(_of_consent(db.session.get_one(Consent, number))))]


def _consent_ties(number: int) -> Sequence[Tie]:
    """What still hangs is taken down first, and what is still agreed to is withdrawn first: she is known by it."""
    found = db.session.get_one(Consent, number)
    if found.live:
        return [Tie(_("L'accord de %(name)s vaut encore : il se retire d'abord.", name=found.name), max(each.until for each in found.live))]
    if any(each.taken_down_at is None for each in uses_by(found)):
        return [Tie(_("Ce qui montre %(name)s est encore en place : il s'enlève d'abord.", name=found.name))]
    return []


def _erase_consent(number: int) -> None:
    forget_consents([number])


INVITED = PersonKind(
    kind=CeremonyInvitation.KIND, label=_l("Invitation à une cérémonie"), find=_find_guest, open=_open_guest, known=_known_guest,
    ties=_guest_ties, erase=_erase_guest,
)  # fmt: skip
AGREED = PersonKind(
    kind=Consent.KIND, label=_l("Accord de montrer"), find=_find_consent, open=_open_consent, known=_known_consent, ties=_consent_ties,
    erase=_erase_consent,
)  # fmt: skip
