"""Ask somebody what may be shown of her, take each yes and each no, withdraw, and take back a withdrawal that was a mistake."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256

from refurb.ceremonies.consents.models import Consent, ConsentGrant, ConsentVoice
from refurb.ceremonies.consents.pdf import receipt, sentence_of
from refurb.ceremonies.consents.rules import ChildLast, ConsentAnswered, NothingToRestore, NothingToWithdraw, VoiceAnswered
from refurb.ceremonies.consents.texts import CONSENT_TEXT
from refurb.ceremonies.consents.words import SEEN, ConsentChannel, ConsentTelling, Showing, Until, VoiceRole
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.documents.actions import issue
from refurb.documents.models import PaperKind, SignatureWay
from refurb.documents.signatures import SignatureVoid, keep_drawing
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Fault, Invalid

MAIL_CONSENT = "mail_consent"
RESTORED_WITHIN = timedelta(hours=1)
"""How long a withdrawal may have been a mistake; later what is shown again is signed again."""


def last_day(ceremony: Ceremony, until: Until) -> date:
    """Until which day something is shown, by the word that was chosen."""
    held = local(ceremony.starts_at).date()
    if until is Until.SAME_DAY:
        return held
    return date(held.year + (2 if until is Until.YEAR_AFTER else 1), 12, 31)


def ask_consent(
    actor: Actor,
    invitation: CeremonyInvitation,
    *,
    name: str,
    shown: Sequence[tuple[ConsentChannel, Showing]],
    naming: str | None = None,
    other_name: str | None = None,
    is_minor: bool = False,
    first_guardian: str | None = None,
    second_guardian: str | None = None,
    one_guardian: bool = False,
    **until: Until,
) -> Consent:
    """Write down what somebody lets us show of her; nothing may be shown before everybody who must has signed.

    `until` are `photo_until`, `film_until`, `words_until`. For a minor each of those who are responsible for it says yes, then she herself.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    shown_as = (other_name or naming or "").strip() or None
    grants = list(_granted(invitation.ceremony, dict.fromkeys(shown), shown_as, until))
    sentence = sentence_of(name, grants, shown_as, is_minor=is_minor)
    made = Consent(
        invitation=invitation, name=name, is_minor=is_minor, shown_as=shown_as, sentence=sentence,
        digest=sha256(f"{name}\n{sentence}".encode()).hexdigest(), wording=CONSENT_TEXT.in_force().version, asked_at=now(), grants=grants,
    )  # fmt: skip
    guardians = [first_guardian, None if one_guardian else second_guardian]
    made.voices = list(_voices(name, [each for each in guardians if each] if is_minor else []))
    db.session.add(made)
    db.session.flush()
    record(made, "asked", actor, grants=[f"{each.channel.value}:{each.showing.value}" for each in grants])
    return made


def _granted(
    ceremony: Ceremony, shown: Iterable[tuple[ConsentChannel, Showing]], shown_as: str | None, until: dict[str, Until]
) -> Iterable[ConsentGrant]:
    ends = []
    for channel, showing in shown:
        ends.append(last_day(ceremony, until.get(f"{channel.value}_until") or Until.NEXT_YEAR))
        if ends[-1] < today():
            raise Invalid({f"{channel.value}_until": [Fault("field.date_past")]})
        yield ConsentGrant(channel=channel, showing=showing, until=ends[-1])
    if shown_as and ends:
        yield ConsentGrant(channel=ConsentChannel.NAME, showing=Showing.BESIDE, until=max(ends))


def _voices(name: str, guardians: Sequence[str]) -> Iterable[ConsentVoice]:
    if not guardians:
        yield ConsentVoice(position=1, role=VoiceRole.SELF, name=name)
        return
    for position, guardian in enumerate(guardians, start=1):
        yield ConsentVoice(position=position, role=VoiceRole.GUARDIAN, name=guardian)
    yield ConsentVoice(position=len(guardians) + 1, role=VoiceRole.CHILD, name=name)


def want_nothing(actor: Actor, invitation: CeremonyInvitation) -> None:
    """Somebody would rather show nothing: she is in no picture, and no reason is asked."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    invitation.no_photo = True
    record(invitation, "shows_nothing", actor)


def say_yes(
    actor: Actor,
    voice: ConsentVoice,
    *,
    way: SignatureWay,
    signature: bytes | None = None,
    signed_on: date | None = None,
    shown: str | None = None,
) -> None:
    """Take somebody's signature: drawn under the sentence whose sum is `shown`, or seen on paper; the last yes gives the consent.

    Raises `ConsentAnswered`, `VoiceAnswered`, `ChildLast`, `SignatureVoid`, `Invalid`.
    """
    consent = _open(actor, voice)
    if voice.role.is_child and not consent.is_childs_turn:
        raise ChildLast
    if way is SignatureWay.DRAWN and shown != consent.digest:
        raise SignatureVoid
    on = today() if way is SignatureWay.DRAWN or signed_on is None else signed_on
    asked = local(consent.asked_at).date()
    if not asked <= on <= today():
        raise Invalid({"signed_on": [Fault("consent.signed_between", first=asked)]})
    voice.way, voice.signed_on = way, on
    voice.drawing = keep_drawing(signature) if way is SignatureWay.DRAWN else None
    voice.said_yes, voice.answered_at = True, now()
    record(consent, "said_yes", actor, voice=voice.position, way=way.value)
    db.session.flush()
    if all(each.said_yes for each in consent.voices):
        _give(actor, consent)


def say_no(actor: Actor, voice: ConsentVoice) -> None:
    """One no is a no: nothing is shown, and nobody else is asked."""
    consent = _open(actor, voice)
    voice.said_yes, voice.answered_at = False, now()
    consent.refused_at = now()
    record(consent, "said_no", actor, voice=voice.position)


def _open(actor: Actor, voice: ConsentVoice) -> Consent:
    check(actor, Permission.CEREMONY_WRITE)
    lock(voice.consent)
    lock(voice)
    if not voice.consent.standing.is_asked:
        raise ConsentAnswered
    if voice.said_yes is not None:
        raise VoiceAnswered(name=voice.name)
    return voice.consent


def _give(actor: Actor, consent: Consent) -> None:
    paper = issue(actor, PaperKind.CONSENT, consent, receipt(consent))
    consent.paper, consent.given_at = paper, now()
    record(consent, "given", actor, paper=paper.reference)
    tell(consent, ConsentTelling.GIVEN)
    db.session.flush()


def tell(consent: Consent, told: ConsentTelling) -> None:
    """Promise the letter that says it; nobody is written to where no address is known."""
    plan(MAIL_CONSENT, consent_id=consent.id, told=told.value)


def withdraw(actor: Actor, consent: Consent, grants: Sequence[int] = ()) -> list[ConsentGrant]:
    """Show no more of somebody what she names, everything where she names nothing; at once. Raises `NothingToWithdraw`.

    Where it hangs is on the list of what is to be taken down (`queries.uses_to_take_down`).
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(consent)
    ended = [each for each in consent.grants if each.is_live and (not grants or each.id in grants)]
    if not ended:
        raise NothingToWithdraw
    for each in ended:
        each.withdrawn_at = now()
    if not any(each.channel in SEEN for each in consent.live):
        consent.invitation.no_photo = True
    record(consent, "withdrawn", actor, grants=[f"{each.channel.value}:{each.showing.value}" for each in ended])
    return ended


def restorable(consent: Consent) -> list[ConsentGrant]:
    """What was withdrawn so short a while ago that it may have been a mistake."""
    return [each for each in consent.grants if each.withdrawn_at and each.withdrawn_at > now() - RESTORED_WITHIN and each.until >= today()]


def restore(actor: Actor, consent: Consent) -> None:
    """A withdrawal of the last hour was a mistake. Raises `NothingToRestore`."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(consent)
    back = restorable(consent)
    if not back:
        raise NothingToRestore
    for each in back:
        each.withdrawn_at = None
    record(consent, "restored", actor, grants=[f"{each.channel.value}:{each.showing.value}" for each in back])


def close_link(actor: Actor, consent: Consent) -> None:
    """The link that was given opens nothing any more; another is made, which has to be given anew."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(consent)
    consent.link_round += 1
    record(consent, "link_closed", actor)
