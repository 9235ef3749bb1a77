"""Tells that what is paid for a family's connection soon ends: to the family where it has an address, and to its partner."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import ALWAYS, BODY, LINK, SUBJECT, page_address, write_letter
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _l, day
from refurb.referrals.cases.connections import TELL_END, TELL_PARTNER_OF_END, connection_named, connection_said, is_to_tell
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.connected import HomeConnection

LANGUAGE = "fr"
"""Nobody has asked families for the language of a letter."""
_UNTIL = TextField("until", "date", _l("jusqu'à quand elle est payée"))
_NAMED = TextField("what", "connexion", _l("par quoi, et l'opérateur"))
_WHAT = TextField("what", "connexion", _l("la connexion, et qui la paie"))
_PHONE = TextField("phone", "telephone", _l("votre téléphone"))
_REFERENCE = TextField("reference", "reference", _l("la référence de l'orientation"))

CONNECTION_END = text_file(
    "letter_connection",
    _l("Fin prochaine d'une connexion payée"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_UNTIL,), label=SUBJECT),
        "body": both((_PHONE, *ALWAYS), (_NAMED, _UNTIL), label=BODY, lines=True),
        "partner_subject": both((_REFERENCE, _UNTIL), label=_l("Objet, à la structure")),
        "partner": both((_WHAT, _REFERENCE, *ALWAYS), (_UNTIL, LINK), label=_l("Lettre, à la structure"), lines=True),
    },
)


def letter_to_family(connection: HomeConnection, key: str, to: str) -> Letter:
    """The reminder to the family, without a name, nor who pays: it may be the family itself."""
    assert connection.paid_until is not None, "it ends"
    until, phone = day(connection.paid_until), spell_phone(home().phone)
    return write_letter(CONNECTION_END, key=key, to=to, until=until, what=connection_named(connection), phone=phone)


def letter_to_partner(connection: HomeConnection, key: str, to: str) -> Letter:
    """The same to whoever referred the family, by the reference alone."""
    assert connection.paid_until is not None, "it ends"
    reference = connection.allocation.referral.reference
    return write_letter(
        CONNECTION_END,
        key=key,
        to=to,
        subject="partner_subject",
        body="partner",
        until=day(connection.paid_until),
        what=connection_said(connection, dated=False),
        reference=reference,
        link=page_address(f"/orientations/{reference}"),
    )


def _about(facts: Mapping[str, Any]) -> About | None:
    return _told_of(facts, to_family=True)


def _about_partner(facts: Mapping[str, Any]) -> About | None:
    return _told_of(facts, to_family=False)


def _told_of(facts: Mapping[str, Any], *, to_family: bool) -> About | None:
    found = db.session.get(HomeConnection, facts["connection_id"])
    if found is None:
        return None
    referral = found.allocation.referral
    reader = None if to_family else reader_of(referral)
    address = referral.beneficiary.email if to_family else reader.address if reader else None
    return About(referral.reference, f"/orientations/{referral.reference}", address, Permission.REFERRAL_DECIDE)


def _to_tell(connection_id: int, until: str) -> HomeConnection:
    found = db.session.get(HomeConnection, connection_id)
    if found is None or not is_to_tell(found, until):
        raise NotTold
    return found


@letter(TELL_END, _l("Fin prochaine d'une connexion, à la famille"), _about)
def tell_family(*, connection_id: int, until: str) -> Letter:
    """Tell the family, unless it was prolonged, or never left."""
    found = _to_tell(connection_id, until)
    address = found.allocation.referral.beneficiary.email
    if not address:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return letter_to_family(found, f"{TELL_END}-{found.id}-{until}", address)


@letter(TELL_PARTNER_OF_END, _l("Fin prochaine d'une connexion, à la structure"), _about_partner)
def tell_partner(*, connection_id: int, until: str) -> Letter:
    """Tell the partner, unless it was prolonged, or never left."""
    found = _to_tell(connection_id, until)
    reader = reader_of(found.allocation.referral)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        return letter_to_partner(found, f"{TELL_PARTNER_OF_END}-{found.id}-{until}", reader.address)
