"""Ask somebody what may be shown of her, take each yes and each no, withdraw, and take back a withdrawal that was a mistake."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256

from refurb.ceremonies.consents.models import Consent, ConsentGrant, ConsentVoice
from refurb.ceremonies.consents.pdf import receipt, sentence_of
from refurb.ceremonies.consents.queries import consents_by
from refurb.ceremonies.consents.rules import (
    AskedTwice,
    ChildLast,
    ConsentAnswered,
    EveryPlaceAsked,
    NothingToRestore,
    NothingToWithdraw,
    VoiceAnswered,
)
from refurb.ceremonies.consents.texts import CONSENT_TEXT
from refurb.ceremonies.consents.words import YEARS, ConsentChannel, ConsentTelling, Showing, Until, VoiceRole
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.documents.actions import check_letters, content_of, issue
from refurb.documents.models import PaperKind, SignatureWay
from refurb.documents.signatures import SignatureVoid, keep_drawing
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.folding import fold

MAIL_CONSENT = "mail_consent"
RESTORED_WITHIN = timedelta(hours=1)
"""How long a withdrawal may have been a mistake; later what is shown again is signed again."""


def last_day(ceremony: Ceremony, until: Until) -> date:
    """Until which day something is shown, by the word that was chosen."""
    held = local(ceremony.starts_at).date()
    year, is_leap_day = held.year + YEARS[until], (held.month, held.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and YEARS[until] else held.replace(year=year)


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
    Raises `AskedTwice`, `EveryPlaceAsked`, `Invalid`, and `CannotBeWritten` before anybody has signed.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    _is_somebody_new(invitation, name)
    shown_as = (other_name or naming or "").strip() or None
    grants = list(_granted(invitation.ceremony, dict.fromkeys(shown), shown_as, until))
    sentence = sentence_of(name, grants, shown_as, is_minor=is_minor)
    made = Consent(
        invitation=invitation, name=name, is_minor=is_minor, shown_as=shown_as, sentence=sentence,
        digest=sha256(f"{name}\n{sentence}".encode()).hexdigest(), wording=CONSENT_TEXT.in_force().version, asked_at=now(), grants=grants,
    )  # fmt: skip
    guardians = [first_guardian, None if one_guardian else second_guardian]
    made.voices = list(_voices(name, [each for each in guardians if each] if is_minor else []))
    check_letters(content_of(PaperKind.CONSENT, receipt(made), "", today()))
    db.session.add(made)
    db.session.flush()
    record(made, "asked", actor, grants=[f"{each.channel.value}:{each.showing.value}" for each in grants])
    return made


def _is_somebody_new(invitation: CeremonyInvitation, name: str) -> None:
    """One consent for each person who comes: by it the door knows how many of them have signed."""
    holding = [each for each in consents_by(invitation) if each.standing.is_asked or each.standing.is_given]
    if any(fold(each.name) == fold(name) for each in holding):
        raise AskedTwice(name=name)
    if len(holding) >= invitation.places:
        raise EveryPlaceAsked(places=invitation.places)


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
    """Whoever comes by an invitation would rather show nothing, for no reason: what was agreed is withdrawn, what was asked refused."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    for each in consents_by(invitation):
        lock(each)
        if each.standing.is_asked:
            _refuse(actor, each)
        elif each.live:
            _end(actor, each, each.live)
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
    by_link: bool = False,
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
    voice.way, voice.signed_on, voice.by_link = way, on, by_link
    voice.drawing = keep_drawing(signature) if way is SignatureWay.DRAWN else None
    voice.said_yes, voice.answered_at = True, now()
    record(consent, "said_yes", actor, voice=voice.position, way=way.value, by_link=by_link)
    db.session.flush()
    if all(each.said_yes for each in consent.voices):
        _give(actor, consent)


def say_no(actor: Actor, voice: ConsentVoice) -> None:
    """One no is a no: nothing is shown, and nobody else is asked."""
    consent = _open(actor, voice)
    voice.said_yes, voice.answered_at = False, now()
    _refuse(actor, consent, voice=voice.position)


def _refuse(actor: Actor, consent: Consent, **facts: object) -> None:
    consent.refused_at = now()
    record(consent, "said_no", actor, **facts)


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
    _end(actor, consent, ended)
    return ended


def _end(actor: Actor, consent: Consent, ended: Sequence[ConsentGrant]) -> None:
    """The door reads from it at once that she is in no picture, and no more so where it was a mistake (`queries.asked_to_be_seen`)."""
    for each in ended:
        each.withdrawn_at = now()
    record(consent, "withdrawn", actor, grants=[f"{each.channel.value}:{each.showing.value}" for each in ended])


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
