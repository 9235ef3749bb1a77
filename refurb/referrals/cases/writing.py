"""What is written of a referral, fact by fact, and what of it is kept: names and free text stay in rows, out of events."""

from collections.abc import Collection
from datetime import date
from typing import Any

from refurb.directory.rota.queries import served, stops_in
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.folding import fold
from refurb.kernel.speech.telephones import phone_words
from refurb.referrals.cases.notice import NOTICE, missing_language, notice_languages
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.households.actions import new_household
from refurb.referrals.households.hashes import write_hashes
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.words import Adaptation, Channel, Connection, Mobility, NoticeLanguage, PriorityArea, Situation, StatedPurpose, Usage

OWN = (
    "device_kind",
    "usage",
    "situation",
    "school_children",
    "has_no_computer",
    "household_size",
    "priority_area",
    "connection",
    "adaptations",
    "purposes",
    "mobility",
    "stop_id",
    "address",
    "note",
    "eligibility_checked_on",
    "notice_given_on",
    "notice_language",
)
"""What is written of a referral, by the names of its columns and of its form."""
OF_PERSON = ("first_name", "last_name", "birth_year", "commune", "phone", "email")
"""What is written of the person whom it is for."""


def write_facts(
    referral: Referral,
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    birth_year: int | None = None,
    commune: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    device_kind: DeviceKind | None = None,
    usage: Usage | None = None,
    situation: Situation | None = None,
    school_children: int | None = None,
    has_no_computer: bool = False,
    note: str | None = None,
    eligibility_checked_on: date | None = None,
    notice_given_on: date | None = None,
    **more: Any,
) -> None:
    """Write what is told of a referral and of its person; what is not told is not known."""
    person = referral.beneficiary
    person.first_name, person.last_name = first_name or "", last_name or ""
    person.birth_year, person.commune, person.phone, person.email = birth_year, commune, phone, email
    person.search = search_of(person)
    referral.device_kind = device_kind or DeviceKind.LAPTOP
    referral.usage, referral.situation = usage, situation
    referral.school_children, referral.has_no_computer, referral.note = school_children or 0, has_no_computer, note
    referral.eligibility_checked_on = eligibility_checked_on
    _write_notice(referral, notice_given_on, **more)
    _write_household(referral, **more)
    _write_way(referral, **more)


def _write_notice(referral: Referral, given_on: date | None, *, notice_language: NoticeLanguage | None = None, **_rest: Any) -> None:
    """When the notice was given, in which language, and which text that is; in French unless told. What stays as it was keeps its text."""
    language = notice_language or referral.notice_language
    if language is None and given_on != referral.notice_given_on:
        language = NoticeLanguage.FRENCH
    if given_on is None:
        language = None
    if (given_on, language) == (referral.notice_given_on, referral.notice_language):
        return
    if language is not None and language not in notice_languages():
        raise Invalid({"notice_language": [missing_language()]})
    referral.notice_given_on, referral.notice_language = given_on, language
    referral.notice_version = NOTICE.in_force().version if language else None


def _write_household(
    referral: Referral,
    *,
    household_size: int | None = None,
    priority_area: PriorityArea | None = None,
    connection: Connection | None = None,
    adaptations: Collection[Adaptation] | None = None,
    purposes: Collection[StatedPurpose] | None = None,
    **_rest: Any,
) -> None:
    """What is told of the household, and of the device that suits it; what nobody has said is not known."""
    referral.household_size = household_size
    referral.priority_area = priority_area or PriorityArea.UNKNOWN
    referral.connection = connection or Connection.UNKNOWN
    referral.adaptations = [each.value for each in Adaptation if each in (adaptations or ())]
    if referral.submitted_at is None:  # Afterwards they are counted, and no longer here.
        referral.purposes = [each.value for each in StatedPurpose if each in (purposes or ())]


def _write_way(
    referral: Referral,
    *,
    channel: Channel | None = None,
    mobility: Mobility | None = None,
    stop_id: int | None = None,
    address: str | None = None,
    **_rest: Any,
) -> None:
    """How the device gets there. Where somebody lives is kept for a letter or a visit only; who says no stop goes to her commune's."""
    known = referral.stop_id
    referral.mobility, referral.by_letter = mobility or Mobility.UNKNOWN, channel is Channel.LETTER
    referral.address = address or None if referral.needs_an_address else None
    referral.stop_id = None
    if referral.mobility is Mobility.STOP:
        stop_id = stop_id or next(iter(stops_in(referral.beneficiary.commune or "")), None)
        if stop_id is not None and stop_id not in {known, *(each.id for each in served())}:
            raise Invalid({"stop_id": [Fault("field.choice")]})
        referral.stop_id = stop_id


def search_of(person: Beneficiary) -> str:
    """The text through which somebody is looked for."""
    return fold(person.first_name, person.last_name, phone_words(person.phone), person.email)[:400]


def written_facts(referral: Referral) -> dict[str, Any]:
    """What is written now, by the names that the history says when they change."""
    person = referral.beneficiary
    return {name: getattr(referral, name) for name in (*OWN, "by_letter")} | {name: getattr(person, name) or None for name in OF_PERSON}


def begin_referral(actor: Actor, partner_id: int, prescriber_id: int | None, *, link_id: int | None = None, **facts: Any) -> Referral:
    """Begin a draft for a partner, for which somebody answers; by a link where nobody with an account wrote it."""
    referral = Referral(
        reference=next_reference("OR"),
        partner_id=partner_id,
        prescriber_id=prescriber_id,
        beneficiary=Beneficiary(first_name="", last_name="", household=new_household()),
        created_at=now(),
        link_id=link_id,
    )
    write_facts(referral, **facts)
    referral_machine.begin(referral, actor, **({"link": link_id} if link_id else {}))
    write_hashes(referral.beneficiary.household)
    return referral
