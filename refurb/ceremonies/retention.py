"""When whoever was invited to a ceremony, or agreed to be shown, is forgotten; how many came and that somebody agreed stays."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, cast, exists, or_, select, update

from refurb.ceremonies.consents.models import Consent, ConsentGrant, ConsentVoice, MaterialUse, UseGrant
from refurb.ceremonies.consents.words import Showing
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.testimonies.models import Testimony
from refurb.directory.durations import durations
from refurb.documents.erasing import erase_papers, erase_replaced
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.history import erase_notes
from refurb.kernel.deeds.holds import frozen
from refurb.kernel.deeds.terms import ERASED, Term, ago, day_ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l


def _is_over() -> ColumnElement[bool]:
    return exists().where(Ceremony.id == CeremonyInvitation.ceremony_id, Ceremony.starts_at < ago(durations().guests))


def _says_anything() -> ColumnElement[bool]:
    named = exists().where(CeremonyGuest.id == CeremonyInvitation.guest_id, CeremonyGuest.forgotten_at.is_(None))
    return or_(named, cast(CeremonyInvitation.needs, Text) != "[]", CeremonyInvitation.no_photo)


def forget_invited(numbers: Sequence[int]) -> None:
    """Forget whoever was invited by these: names, addresses, needs, marks; how many came stays."""
    these = CeremonyInvitation.id.in_(numbers)
    db.session.execute(update(CeremonyInvitation).where(these).values(needs=[], no_photo=False))
    guests = db.session.scalars(select(CeremonyInvitation.guest_id).where(these, CeremonyInvitation.guest_id.is_not(None))).all()
    nobody = {"name": ERASED, "email": None, "address": None, "forgotten_at": now()}
    db.session.execute(update(CeremonyGuest).where(CeremonyGuest.id.in_(guests)).values(nobody))
    erase_notes(CeremonyInvitation.KIND, numbers)


def _consent_is_over() -> ColumnElement[bool]:
    """Nothing of it may be shown any more since long, or nobody ever said yes to it."""
    span = durations().consents
    withdrawn_lately = or_(ConsentGrant.withdrawn_at.is_(None), ConsentGrant.withdrawn_at >= ago(span))
    lives = exists().where(ConsentGrant.consent_id == Consent.id, ConsentGrant.until >= day_ago(span), withdrawn_lately)
    never = Consent.given_at.is_(None) & (Consent.asked_at < ago(span))
    return or_(never, Consent.given_at.is_not(None) & ~lives)


def _still_hangs() -> ColumnElement[bool]:
    """Something that shows the person was not taken down: who she is has to be known until it is."""
    return exists().where(
        ConsentGrant.consent_id == Consent.id, UseGrant.grant_id == ConsentGrant.id, UseGrant.use_id == MaterialUse.id,
        MaterialUse.taken_down_at.is_(None),
    )  # fmt: skip


def forget_consents(numbers: Sequence[int]) -> None:
    """Forget who agreed, her words, her signature, her receipt, and what replaced reports say that quote her.

    That somebody agreed, to what and until when, stays.
    """
    voices = db.session.scalars(select(ConsentVoice).where(ConsentVoice.consent_id.in_(numbers), ConsentVoice.forgotten_at.is_(None))).all()
    let_go([each.drawing for each in voices])
    for each in voices:
        each.name, each.forgotten_at = ERASED, now()
    nobody = {"name": ERASED, "shown_as": None, "sentence": ERASED, "digest": "", "forgotten_at": now()}
    db.session.execute(update(Consent).where(Consent.id.in_(numbers)).values(nobody))
    words = {"words": ERASED, "is_picked": False, "forgotten_at": now()}
    db.session.execute(update(Testimony).where(Testimony.consent_id.in_(numbers)).values(words))
    uses = select(UseGrant.use_id).join(ConsentGrant, ConsentGrant.id == UseGrant.grant_id).where(ConsentGrant.consent_id.in_(numbers))
    quoted = MaterialUse.id.in_(uses) & (MaterialUse.showing == Showing.CEREMONY_REPORT)
    erase_replaced(db.session.scalars(select(MaterialUse.spot).where(quoted)).all())
    db.session.execute(update(MaterialUse).where(MaterialUse.id.in_(uses)).values(what=ERASED, spot=ERASED, keeper=ERASED))
    erase_papers(Consent.KIND, numbers)
    erase_notes(Consent.KIND, numbers)


TERMS = (
    Term(
        key="ceremonies.guests",
        who=_l("Personne invitée à une cérémonie"),
        what=_l("nom, courriel, adresse, besoins, « pas de photo »"),
        remains=_l("combien de personnes sont venues, et la structure qui était invitée"),
        lasts=lambda: durations().guests,
        since=_l("la cérémonie"),
        model=CeremonyInvitation,
        past=_is_over,
        rest=_says_anything,
        forget=forget_invited,
        covers=("ceremony_invitations", "ceremony_guests"),
    ),
    Term(
        key="ceremonies.consents",
        who=_l("Personne qui accepte d'être photographiée, filmée, nommée ou citée"),
        what=_l("nom, nom choisi, signature, témoignage, endroits où elle est montrée"),
        remains=_l("qu'un accord a existé, pour quoi, jusqu'à quand ; numéro, date et empreinte du reçu"),
        lasts=lambda: durations().consents,
        since=_l("la fin ou le retrait de l'accord"),
        model=Consent,
        past=_consent_is_over,
        rest=lambda: Consent.forgotten_at.is_(None),
        held=lambda: or_(_still_hangs(), Consent.id.in_(frozen(Consent.KIND))),
        forget=forget_consents,
        covers=("ceremony_consents", "ceremony_consent_voices", "ceremony_testimonies", "ceremony_uses"),
    ),
)
