"""What we know of somebody who was referred, told to that person; what binds; and the erasure before the term."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from refurb.directory.durations import durations
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event, events_of, notes_of
from refurb.kernel.deeds.persons import KnownFact, KnownPart, PersonFile, PersonKind, Texted, Tie
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l, _lp, _p, day, moment
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.queries import tickets_of
from refurb.referrals.aftersales.words import TROUBLES
from refurb.referrals.cases.participation import participation_said, participations_of
from refurb.referrals.cases.purchases import bought_for, funding_said
from refurb.referrals.cases.sms import refuse_sms
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.thread import thread_of
from refurb.referrals.followup.queries import followups_of
from refurb.referrals.followup.shown import said_of
from refurb.referrals.handovers.queries import invitations_about
from refurb.referrals.handovers.shown import when_said, where_said
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.retention import ENDED, erase_beneficiaries, is_unsigned
from refurb.referrals.words import (
    ADAPTATIONS,
    CONNECTIONS,
    MOBILITIES,
    NOTICE_LANGUAGES,
    PRIORITY_AREAS,
    PURPOSES,
    SITUATIONS,
    USAGES,
    Adaptation,
    ReferralState,
    StatedPurpose,
)


def _file(referral: Referral | None) -> PersonFile | None:
    if referral is None:
        return None
    return PersonFile(Referral.KIND, referral.id, referral.reference, referral.beneficiary.name, f"/orientations/{referral.reference}")


def _find(typed: str) -> PersonFile | None:
    return _file(db.session.scalar(select(Referral).where(Referral.reference == typed.strip().upper())))


def _open(number: int) -> PersonFile | None:
    return _file(db.session.get(Referral, number))


def _last_day(referral: Referral) -> date:
    """The last day on which something was done for this referral."""
    ours = Event.subject_kind == Referral.KIND, Event.subject_id == referral.id
    return local(db.session.scalar(select(func.max(Event.at)).where(*ours)) or referral.created_at).date()


def _until(referral: Referral) -> date | None:
    """Until when what is written is kept, as things stand; None while something is under way."""
    last = _last_day(referral)
    if referral.state is ReferralState.DRAFT or (referral.submitted_at is None and referral.state is ReferralState.WITHDRAWN):
        return last + durations().drafts
    if referral.state not in ENDED:
        return None
    return (durations().served if referral.state is ReferralState.SERVED else durations().unserved).after(last)


def _way(referral: Referral) -> str:
    word = str(MOBILITIES[referral.mobility])
    return f"{word}, {referral.stop.name}" if referral.stop else word


def _known(number: int) -> Sequence[KnownPart]:
    referral = db.session.get_one(Referral, number)
    person, until = referral.beneficiary, _until(referral)
    source = _("%(partner)s, %(day)s", partner=referral.partner.name, day=day(referral.created_at))
    contact = f"/orientations/{referral.reference}/joindre"
    whole = f"/orientations/{referral.reference}/modifier"
    written: tuple[tuple[Any, Any, str], ...] = (
        (_l("Nom, prénom"), person.name, whole),
        (_l("Année de naissance"), person.birth_year, whole),
        (_l("Commune"), person.commune, whole),
        (_l("Téléphone"), spell_phone(person.phone), contact),
        (_l("Courriel"), person.email, contact),
        (_l("Ne veut pas de SMS depuis le"), day(person.sms_refused_at) if person.sms_refused_at else None, contact),
        (_l("Situation"), referral.situation and SITUATIONS[referral.situation], whole),
        (_l("Pour quoi faire ?"), referral.usage and USAGES[referral.usage], whole),
        (_l("Enfants scolarisés"), referral.school_children, whole),
        (_l("Personnes au foyer"), referral.household_size, whole),
        (_l("Quartier prioritaire"), PRIORITY_AREAS[referral.priority_area], whole),
        (_l("Connexion à la maison"), CONNECTIONS[referral.connection], whole),
        (_l("Comment la joindre ?"), _l("Par courrier postal") if referral.by_letter else None, contact),
        (_l("Retrait de l'appareil"), _way(referral), whole),
        (_l("Adresse postale"), referral.address, whole),
        (_l("Adaptation de l'appareil"), ", ".join(str(ADAPTATIONS[Adaptation(each)]) for each in referral.adaptations), whole),
        (_l("Il servira aussi à…"), ", ".join(str(PURPOSES[StatedPurpose(each)]) for each in referral.purposes), whole),
        (_l("Matériel demandé"), DEVICE_KINDS[referral.device_kind], whole),
        (_l("Ce que la structure a ajouté"), referral.note, whole),
        (_l("Conditions vérifiées le"), day(referral.eligibility_checked_on) if referral.eligibility_checked_on else None, whole),
        (_l("Notice remise le"), day(referral.notice_given_on) if referral.notice_given_on else None, whole),
        (_l("Version de la notice"), referral.notice_language and NOTICE_LANGUAGES[referral.notice_language], whole),
    )
    may_correct = referral.state not in ENDED
    facts = [
        KnownFact(label, value, source, until, path if may_correct or path == contact else "")
        for label, value, path in written
        if value not in {None, ""}
    ]
    done = [KnownFact(_l("Où en est la demande"), referral_machine.looks[referral.state].word, referral.reference, until)]
    handed = db.session.scalars(select(Handover).join(Handover.allocation).where(Allocation.referral_id == number))
    for each in handed:
        paper = each.paper.reference if each.paper else ""
        done.append(KnownFact(_l("Remise"), _("%(day)s, %(place)s", day=day(each.handed_at), place=each.place), paper, until))
        if each.fetched_by:
            done.append(KnownFact(_l("Retiré par"), each.fetched_by, day(each.handed_at), until))
    done += [
        KnownFact(_l("Participation"), participation_said(paid), paid.paper.reference if paid.paper else "", until)
        for paid in participations_of(referral)
    ]
    done += [
        KnownFact(_l("Matériel acheté"), f"{each.what} ({funding_said(each)})", referral.reference, until) for each in bought_for(referral)
    ]
    for invitation in invitations_about(referral):
        done.append(KnownFact(_l("Invitation à venir"), invitation_machine.looks[invitation.state].word, day(invitation.invited_at), until))
        if invitation.slot is not None:
            done.append(
                KnownFact(_p("appointment", "Rendez-vous"), f"{when_said(invitation.slot)}, {where_said(invitation.slot)}", source, until)
            )
        written_then = ((_l("Transport demandé"), invitation.lift_words), (_l("Adresse de la visite"), invitation.address))
        done += [KnownFact(label, words, source, until) for label, words in written_then if words]
    said = [
        KnownFact(day(each.at), each.text, source if each.by_partner else _p("privacy", "Nous"), until)
        for each in reversed(thread_of(referral))
    ]
    wrong = [fact for each in tickets_of(referral) for fact in _known_of_ticket(each, source, until)]
    news = [
        KnownFact(_("À %(days)s jours", days=each.stage), said_of(each), source, until)
        for each in followups_of(referral)
        if each.answered_by is not None
    ]
    parts = (
        KnownPart(_l("Ce qui est écrit"), facts),
        KnownPart(_l("Échanges"), said),
        KnownPart(_l("Ce qui a été fait"), done),
        KnownPart(_l("Pannes signalées"), wrong),
        KnownPart(_l("Nouvelles données"), news),
    )
    return [each for each in parts if each.facts]


def _known_of_ticket(ticket: Ticket, source: str, until: date | None) -> Iterator[KnownFact]:
    """What a family told of its trouble, the picture that it sent, what was agreed on, and what was noted of what was said."""
    told = filter(None, (day(ticket.opened_at), ticket.own_machine, ticket.words, spell_phone(ticket.phone)))
    yield KnownFact(TROUBLES[ticket.trouble], "\n".join(told), source, until)
    if ticket.photo:
        yield KnownFact(_l("Photo envoyée"), url_for("referrals.ticket_photo", reference=ticket.reference, _external=True), source, until)
    if ticket.appointment_at is not None:
        met = ", ".join(filter(None, (moment(ticket.appointment_at), ticket.appointment_place)))
        yield KnownFact(_p("appointment", "Rendez-vous"), met, _p("privacy", "Nous"), until)
    events = events_of(ticket)
    notes = notes_of(events)
    for event in reversed(events):
        for text in notes[event.id].values():
            yield KnownFact(_("Noté le %(day)s", day=day(event.at)), text, _p("privacy", "Nous"), until)
    if ticket.closed_at is not None:
        yield KnownFact(_lp("ticket", "Close le"), day(ticket.closed_at), ticket.reference, until)


def _ties(number: int) -> Sequence[Tie]:
    """A request under way is withdrawn first; a slip that waits for its signature is signed first."""
    found = db.session.scalars(
        select(Referral).where(
            Referral.beneficiary_id == db.session.get_one(Referral, number).beneficiary_id, Referral.state.not_in(ENDED) | is_unsigned()
        )
    )
    return [Tie(_tied_by(each)) for each in found]


def _tied_by(referral: Referral) -> str:
    if referral.state is ReferralState.ALLOCATED:
        return _("Un appareil est attribué à la demande %(reference)s.", reference=referral.reference)
    if referral.state is ReferralState.SERVED:
        return _(
            "Le bon du second appareil de la demande %(reference)s n'est pas signé : il se signe d'abord.", reference=referral.reference
        )
    return _("La demande %(reference)s est en cours : elle se retire d'abord.", reference=referral.reference)


def _erase(number: int) -> None:
    erase_beneficiaries([db.session.get_one(Referral, number).beneficiary_id])


def _sms_refused_at(number: int) -> datetime | None:
    return db.session.get_one(Referral, number).beneficiary.sms_refused_at


def _is_silenced(phone: str) -> bool:
    said = select(Beneficiary.id).where(Beneficiary.phone == phone, Beneficiary.sms_refused_at.is_not(None))
    return db.session.scalar(said.limit(1)) is not None


REFERRED = PersonKind(
    kind=Referral.KIND, label=_l("Orientation"), find=_find, open=_open, known=_known, ties=_ties, erase=_erase,
    texted=Texted(_sms_refused_at, refuse_sms, _is_silenced),
)  # fmt: skip
