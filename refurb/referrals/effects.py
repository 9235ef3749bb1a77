"""What follows the moves of a referral: the mail that tells its partner to look, without a name in it."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.referrals.models import Referral
from refurb.referrals.readers import Reader, reader_of
from refurb.referrals.states import TELL_PRESCRIBER, referral_machine


def letter_to_partner(referral: Referral, reader: Reader, event: int = 0) -> Letter:
    """The reference, where it stands, and the address to look: nothing that names or describes the person."""
    card = home()
    with force_locale(reader.language):
        word = str(referral_machine.looks[referral.state].word)
        text = current_app.jinja_env.get_template("referrals/prescriber_mail.txt").render(
            reference=referral.reference,
            word=word,
            url=f"{current_app.config['BASE_URL']}/orientations/{referral.reference}",
            home=card,
        )
        subject = _("Orientation %(reference)s : %(state)s", reference=referral.reference, state=word)
    return Letter(
        key=f"{TELL_PRESCRIBER}-{referral.id}-{event}",
        to=reader.address,
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=reader.language,
    )


def _about(facts: Mapping[str, Any]) -> About | None:
    referral = db.session.get(Referral, facts["subject_id"])
    if referral is None:
        return None
    reader = reader_of(referral)
    return About(referral.reference, f"/orientations/{referral.reference}", reader.address if reader else None, Permission.REFERRAL_DECIDE)


@letter(TELL_PRESCRIBER, _l("Nouvelle d'une orientation à sa structure"), _about)
def tell_prescriber(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell the partner what the referral came to by an event."""
    del subject_kind
    referral = db.session.get(Referral, subject_id)
    if referral is None:
        raise NotFound
    refuse_overtaken(referral, event)
    reader = reader_of(referral)
    if reader is None:
        raise NobodyToWriteTo
    return letter_to_partner(referral, reader, event or 0)
