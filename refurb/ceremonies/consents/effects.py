"""The link of a person's own page, and the letters about her consent: given, words to approve, all of it taken down."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.ceremonies.consents.actions import MAIL_CONSENT
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.queries import uses_by
from refurb.ceremonies.consents.texts import CONSENT_LETTER
from refurb.ceremonies.consents.words import SHOWINGS, ConsentTelling
from refurb.ceremonies.guests.reached import mail_address
from refurb.directory.letters import page_address, write_letter
from refurb.documents.links import LinkBroken, make_addressed_link, open_addressed_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, day

CONSENT_LINK = "ceremony consent"
"""The purpose of the link in a person's hand: it shows what she agreed to, and withdraws it."""
LINK_DAYS = 3660
"""Who agreed can always withdraw: the link ends with the consent, which is forgotten a while after its last day, never before it."""
LANGUAGE = "fr"


def own_address(consent: Consent) -> str:
    """The address of a person's own page."""
    return page_address(f"/mon-accord/{make_addressed_link(CONSENT_LINK, consent.id, str(consent.link_round))}")


def consent_of_link(token: str) -> Consent:
    """The consent that a link opens; `LinkBroken` once it was closed, `NotFound` once it is forgotten."""
    found = db.session.get(Consent, open_addressed_link(CONSENT_LINK, token, _round_of, days=LINK_DAYS))
    if found is None:
        raise LinkBroken
    if found.forgotten_at is not None:
        raise NotFound
    return found


def _round_of(number: int) -> str | None:
    found = db.session.get(Consent, number)
    return str(found.link_round) if found is not None else None


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Consent, facts["consent_id"])
    if found is None:
        return None
    ceremony = found.invitation.ceremony
    return About(ceremony.title, f"/ceremonies/{ceremony.id}/accords", mail_address(found.invitation), Permission.CEREMONY_WRITE)


@letter(MAIL_CONSENT, _l("Accord : photo, film, mots"), _about)
def mail_consent(*, consent_id: int, told: str) -> Letter:
    """Write to somebody about her consent, unless it is not there any more."""
    found = db.session.get(Consent, consent_id)
    if found is None or found.forgotten_at is not None or found.given_at is None:
        raise NotTold
    to = mail_address(found.invitation)
    if not to:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return consent_letter(found, ConsentTelling(told), to=to, link=own_address(found))


def consent_letter(consent: Consent, told: ConsentTelling, *, to: str, link: str, words: str = "", about: str = "") -> Letter:
    """One letter about a consent, or about the words of a testimony; it greets nobody by name, since a letter box is shared."""
    down = [each for each in uses_by(consent) if each.taken_down_at is not None]
    done = "\n".join(
        _("%(what)s, %(where)s : enlevé le %(day)s", what=each.what, where=SHOWINGS[each.showing], day=day(each.taken_down_at))
        for each in down
        if each.taken_down_at
    )
    facts: dict[str, Any] = {"words": words, "done": done or _("rien n'était affiché"), "link": link}
    key = f"{MAIL_CONSENT}-{consent.id}-{told.value}-{about or len(down)}"
    return write_letter(CONSENT_LETTER, key=key, to=to, subject=f"{told.value}.subject", body=f"{told.value}.body", **facts)
