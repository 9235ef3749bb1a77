"""The people of the demonstration who need a computer: who refers them, where each referral stands, who was given what. All invented."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.demo.scribble import scribble
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.actions import allocate, cancel_allocation, hand_over, write_referral, write_word
from refurb.referrals.cases.by_link import write_by_link
from refurb.referrals.cases.lines import accessory_lines
from refurb.referrals.cases.queries.waiting import waiting_list
from refurb.referrals.cases.schemas import CompleteReferral, DraftReferral
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.links.actions import make_asking_link
from refurb.referrals.links.models import AskingLink
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState, RefusalReason, Situation, Usage

K = DeviceKind
S = Situation
U = Usage

R = ReferralState


@dataclass(frozen=True)
class Family:
    """A referral: by whom, for whom, why, and how many working days ago.

    `end` is how far it came by its own way: an allocation then takes the first of the waiting list, as the rule says.
    """

    partner: str
    first_name: str
    last_name: str
    birth_year: int
    commune: str
    usage: Usage
    situation: Situation
    children: int
    ago: int
    end: ReferralState = R.WAITING
    kind: DeviceKind = K.LAPTOP
    note: str = ""
    because: RefusalReason | None = None
    answer: str = ""

    @property
    def key(self) -> str:
        """By what the story finds it again."""
        return f"{self.first_name} {self.last_name}"


FAMILIES = (
    Family("ccas", "Fatoumata", "Sylla", 1989, "Poitiers", U.SCHOOL, S.EMPLOYED, 3, 46, note="Trois enfants au collège et au lycée."),
    Family("mission", "Kévin", "Moreau", 2003, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 45),
    Family("ccas", "Nadia", "Haddad", 1984, "Buxerolles", U.SCHOOL, S.WORKLESS, 2, 44),
    Family("montbernage", "Josette", "Renaud", 1951, "Poitiers", U.PAPERWORK, S.RETIRED, 0, 43, kind=K.DESKTOP),
    Family("couronneries", "Ibrahim", "Diakité", 1991, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 1, 41),
    Family("bellejouanne", "Sylvie", "Pottier", 1978, "Poitiers", U.SCHOOL, S.EMPLOYED, 1, 39, kind=K.DESKTOP),
    Family("mission", "Léa", "Guérin", 2005, "Saint-Benoît", U.STUDIES, S.STUDYING, 0, 37),
    Family("ccas", "Mariam", "Ouattara", 1993, "Poitiers", U.SCHOOL, S.WORKLESS, 4, 34),
    Family("montbernage", "Daniel", "Fradet", 1949, "Poitiers", U.PAPERWORK, S.RETIRED, 0, 42),
    Family("ccas", "Aurélie", "Bonnin", 1986, "Poitiers", U.SCHOOL, S.EMPLOYED, 2, 31),
    Family("mission", "Yanis", "Belkacem", 2004, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 29),
    Family("mission", "Océane", "Texier", 2002, "Migné-Auxances", U.STUDIES, S.STUDYING, 0, 28, note="Formation qualifiante à distance."),
    Family("couronneries", "Elena", "Popescu", 1990, "Poitiers", U.SCHOOL, S.EMPLOYED, 2, 26),
    Family("ccas", "Patrice", "Magnan", 1969, "Vouneuil-sous-Biard", U.JOB_SEARCH, S.WORKLESS, 0, 24, kind=K.DESKTOP),
    Family("bellejouanne", "Tsiory", "Rakoto", 1995, "Poitiers", U.SCHOOL, S.WORKLESS, 1, 22),
    Family("ccas", "Chantal", "Jaulin", 1958, "Poitiers", U.PAPERWORK, S.RETIRED, 0, 20),
    Family("mission", "Mathis", "Robin", 2006, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 15),
    Family("couronneries", "Awa", "Traoré", 1987, "Poitiers", U.SCHOOL, S.EMPLOYED, 3, 12),
    Family("ccas", "Bruno", "Vézien", 1972, "Buxerolles", U.JOB_SEARCH, S.WORKLESS, 0, 9, kind=K.DESKTOP),
    Family("mission", "Inaya", "Cherif", 2001, "Poitiers", U.STUDIES, S.STUDYING, 0, 7, kind=K.TABLET),
    Family("ccas", "Solange", "Airault", 1963, "Poitiers", U.OTHER, S.UNTOLD, 0, 5),
    Family("couronneries", "Djamila", "Kaci", 1988, "Poitiers", U.SCHOOL, S.EMPLOYED, 2, 5),
    Family("ccas", "Vanessa", "Poupard", 1991, "Buxerolles", U.SCHOOL, S.WORKLESS, 3, 4),
    Family("ccas", "Lucie", "Pelletier", 1992, "Poitiers", U.SCHOOL, S.EMPLOYED, 2, 3, R.SUBMITTED),
    Family("mission", "Enzo", "Dubreuil", 2004, "Chasseneuil-du-Poitou", U.JOB_SEARCH, S.WORKLESS, 0, 2, R.SUBMITTED),
    Family(
        "ccas", "Marc", "Brunet", 1980, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 8, R.SUBMITTED, answer="Plutôt après 18 h, ou le samedi."
    ),
    Family("ccas", "Zohra", "Mansouri", 1976, "Poitiers", U.PAPERWORK, S.EMPLOYED, 1, 6, R.NEEDS_INFORMATION),
    Family("mission", "Théo", "Gaillard", 2005, "Poitiers", U.STUDIES, S.STUDYING, 0, 5, R.NEEDS_INFORMATION),
    Family(
        "ccas", "Gérard", "Naudin", 1955, "Châtellerault", U.PAPERWORK, S.RETIRED, 0, 27, R.REFUSED, because=RefusalReason.OUTSIDE_TERRITORY
    ),
    Family(
        "mission", "Sarah", "Lacombe", 2003, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 19, R.REFUSED, because=RefusalReason.ALREADY_EQUIPPED
    ),
    Family("ccas", "Florent", "Guignard", 1988, "Poitiers", U.JOB_SEARCH, S.EMPLOYED, 0, 18, R.WITHDRAWN),
    Family("ccas", "Emma", "Chauvet", 1997, "Poitiers", U.SCHOOL, S.EMPLOYED, 1, 1, R.DRAFT),
    Family("mission", "Rayan", "Sabourin", 2002, "Poitiers", U.JOB_SEARCH, S.WORKLESS, 0, 1, R.DRAFT),
    # Two that were written down before, by somebody else and otherwise: one waits, the other was helped already.
    Family("mission", "Vanesa", "Poupard", 1991, "Buxerolles", U.JOB_SEARCH, S.WORKLESS, 3, 2, R.SUBMITTED),
    Family("couronneries", "Sylla", "Fatoumata", 1989, "Poitiers", U.SCHOOL, S.EMPLOYED, 3, 2, R.SUBMITTED),
)


AREAS = ("yes", "no", "no", "unknown")
CONNECTED = ("phone_only", "fixed", "none", "phone_only", "unknown")
ADAPTED = {
    "Josette Renaud": ("large_display", "large_keys"),
    "Chantal Jaulin": ("large_display",),
    "Daniel Fradet": ("light", "trackball"),
}
PURPOSES_OF = {
    U.SCHOOL: ("school", "links"),
    U.JOB_SEARCH: ("work", "rights"),
    U.STUDIES: ("school", "work"),
    U.PAPERWORK: ("rights", "health", "links"),
    U.OTHER: ("links",),
}
AT_HOME = {"Chantal Jaulin": "12 rue des Exemples, 86000 Poitiers"}
"""Who does not get about, and where she lives: an invented street."""


NOTICES = {"Tsiory Rakoto": "simple", "Zohra Mansouri": "ar", "Elena Popescu": "en", "Chantal Jaulin": "simple"}


def plan_families(cast: Cast, diary: Diary) -> None:
    """Note every referral in the diary, and what was allocated and handed over at the desk."""
    for number, family in enumerate(FAMILIES):
        _plan_referral(cast, diary, family, number)
    desk = "Le Relais numérique, accueil"
    for key, kind, decided, handed in (("desk-1", K.LAPTOP, 30, 27), ("desk-2", K.DESKTOP, 30, 26)):
        diary.note(decided, "10:30", partial(give, cast, key, kind))
        diary.note(handed, "16:15", partial(hand, cast, key, desk, drawn=True))
    diary.note(6, "09:40", partial(_give_link, cast))
    diary.note(1, "10:05", _write_by_link)
    diary.note(20, "10:30", partial(_give_out_of_order, cast))
    diary.note(18, "17:05", partial(hand, cast, "exception", desk, drawn=False))
    diary.note(14, "10:30", partial(give, cast, "cancelled", K.LAPTOP))
    diary.note(13, "09:20", partial(_take_back, cast))
    diary.note(8, "11:40", partial(_come_back, cast))


def _writer(cast: Cast, family: Family) -> Actor:
    """Partners without an account of their own telephone: a colleague of the coordinator writes, since nobody decides on her own."""
    return cast.actors.get(family.partner, cast.actors["admin"])


def _plan_referral(cast: Cast, diary: Diary, family: Family, number: int) -> None:
    minute = f"{number * 7 % 60:02d}"
    writer, coordinator = _writer(cast, family), cast.actors["coordinator"]

    def fire(ago: int, clock: str, move: str, actor: Actor, **facts: str) -> None:
        diary.note(ago, clock, lambda: referral_machine.fire(cast.referrals[family.key], move, actor, **facts))

    diary.note(family.ago, f"11:{minute}", partial(_write, cast, family, number))
    if family.end is R.DRAFT:
        return
    fire(family.ago, f"12:{minute}", "submit", writer)
    if family.answer or family.end is R.NEEDS_INFORMATION:
        fire(family.ago - 1, f"09:{minute}", "ask", coordinator, question="La personne peut-elle venir en journée, ou après 18 h ?")
    if family.answer:
        fire(family.ago - 3, f"15:{minute}", "answer", writer, answer=family.answer)
        diary.note(family.ago - 3, f"16:{minute}", lambda: write_word(coordinator, cast.referrals[family.key], word="Merci, c'est noté."))
    if family.end is R.WAITING:
        fire(family.ago - 1, f"09:{minute}", "accept", coordinator)
    elif family.because is not None:
        fire(family.ago - 2, f"09:{minute}", "refuse", coordinator, reason=family.because.value)
    elif family.end is R.WITHDRAWN:
        fire(family.ago - 4, f"14:{minute}", "withdraw", writer)


def _write(cast: Cast, family: Family, number: int) -> None:
    told: dict[str, object] = {
        "first_name": family.first_name,
        "last_name": family.last_name,
        "birth_year": family.birth_year,
        "commune": family.commune,
        "channel": "phone" if number % 3 else "prescriber",
        "phone": f"06 39 98 {number + 20:02d} {number * 13 % 100:02d}" if number % 3 else "",
        "device_kind": family.kind.value,
        "usage": family.usage.value,
        "situation": family.situation.value,
        "school_children": family.children,
        "has_no_computer": number % 4 != 0,
        "household_size": family.children + 1 + number % 2,
        "priority_area": AREAS[number % len(AREAS)],
        "connection": CONNECTED[number % len(CONNECTED)],
        "adaptations": ADAPTED.get(family.key, ()),
        "purposes": PURPOSES_OF[family.usage],
        "mobility": "home" if family.key in AT_HOME else "comes" if number % 5 else "unknown",
        "address": AT_HOME.get(family.key),
        "notice_language": NOTICES.get(family.key, "fr"),
        "note": family.note,
        "eligibility_checked_on": today().isoformat(),
        "notice_given_on": today().isoformat(),
    }
    schema: type[DraftReferral] = CompleteReferral
    if family.end is R.DRAFT:  # Interrupted while it was written.
        schema, told = DraftReferral, {name: told[name] for name in ("first_name", "last_name", "device_kind", "usage")}
    told["partner_id"] = cast.organisations[family.partner].id
    cast.referrals[family.key] = write_referral(_writer(cast, family), **load(schema, told))


def _give_link(cast: Cast) -> None:
    """The town hall of a village refers by a link of the CCAS."""
    make_asking_link(cast.actors["ccas"], cast.organisations["ccas"], holder="Mairie de Vouneuil-sous-Biard, accueil")


def _write_by_link() -> None:
    link = db.session.scalars(select(AskingLink)).one()
    told = {
        "first_name": "Odette", "last_name": "Brisson", "birth_year": 1948, "commune": "Vouneuil-sous-Biard", "channel": "prescriber",
        "device_kind": "tablet", "usage": "paperwork", "situation": "retraite", "priority_area": "no", "connection": "fixed",
        "mobility": "comes", "adaptations": ["large_display"], "eligibility_checked_on": today().isoformat(),
        "notice_given_on": today().isoformat(), "notice_language": "simple",
    }  # fmt: skip
    write_by_link(link, **load(CompleteReferral, told))


# --- allocations ------------------------------------------------------------------------------------------------------


def first_ready(kind: DeviceKind) -> Device:
    """The device of a kind that has been ready for longest."""
    return db.session.scalars(
        select(Device).where(Device.kind == kind, Device.state == DeviceState.READY).order_by(Device.id).limit(1)
    ).one()


def give(cast: Cast, key: str, kind: DeviceKind) -> None:
    """Allocate a ready device to whoever comes first by the rule."""
    first = db.session.execute(waiting_list(kind=kind)).first()
    assert first is not None, f"nobody waits for a {kind}"
    referral = db.session.scalars(select(Referral).where(Referral.reference == first.reference)).one()
    cast.allocations[key] = allocate(cast.actors["coordinator"], referral, first_ready(kind))


def _give_out_of_order(cast: Cast) -> None:
    reason = "Formation à distance qui commence lundi : l'ordinateur est exigé le premier jour."
    referral = cast.referrals["Océane Texier"]
    cast.allocations["exception"] = allocate(cast.actors["coordinator"], referral, first_ready(K.LAPTOP), override=True, reason=reason)


def hand(cast: Cast, key: str, place: str, *, drawn: bool) -> None:
    """Hand an allocated device over at the desk."""
    allocation = cast.allocations[key]
    usual = ["charger", "bag", "guide"] if allocation.device.kind is K.LAPTOP else ["keyboard", "mouse", "screen", "guide"]
    hand_over(
        cast.actors["coordinator"],
        allocation,
        place=place,
        accessories=[*usual, *(each for each in accessory_lines(allocation) if each not in usual)],
        signature_kind="drawn" if drawn else "paper",
        signature=scribble(key) if drawn else None,
    )


def _take_back(cast: Cast) -> None:
    reason = "Sans pavé numérique, demandé pour la formation ; un autre modèle arrive."
    cancel_allocation(cast.actors["coordinator"], cast.allocations["cancelled"], reason=reason)


def _come_back(cast: Cast) -> None:
    device = cast.allocations["desk-1"].device
    device_machine.fire(device, "come_back", cast.actors["coordinator"], reason="Rendu à l'accueil : le foyer a reçu un autre ordinateur.")
