"""The donations of the demonstration: one in each state, what was announced and what came, their acts and their papers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from refurb.demo import catalogue as made
from refurb.demo.catalogue import Model
from refurb.demo.diary import Cast, Diary
from refurb.demo.fates import Fate
from refurb.inventory.donations.actions.donations import announce_donation, name_acceptance
from refurb.inventory.donations.slots import Slot
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.actions import issue_donation_certificate, issue_erasure_certificate, send_papers_to_donor
from refurb.inventory.papers.years.actions import note_stock
from refurb.inventory.papers.years.reuse import tell_donors
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.slots import HalfDay, Way
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today

F = Fate
K = DeviceKind


@dataclass(frozen=True)
class Gift:
    """What one donor gives: when it is announced and comes, in working days before today, and what becomes of each machine."""

    key: str
    donor: str
    origin: LegalOrigin
    announced: int
    note: str
    scheduled: int | None = None
    arrived: int | None = None
    sorted: int | None = None
    closed: int | None = None
    act: str | None = None
    machines: tuple[tuple[Model, Fate], ...] = ()
    # Announced besides what came.
    besides: tuple[tuple[DeviceKind, int], ...] = ()

    @property
    def lines(self) -> dict[DeviceKind, int]:
        """How many of each kind were announced."""
        return dict(Counter(model.kind for model, _ in self.machines) + Counter(dict(self.besides)))


def _several(*rows: tuple[int, Model, Fate]) -> tuple[tuple[Model, Fate], ...]:
    return tuple((model, fate) for count, model, fate in rows for _ in range(count))


GIFTS = (
    Gift(
        "mutuelle", "mutuelle", LegalOrigin.COMPANY, 62, "Renouvellement du parc commercial, chargeurs fournis. Quai rue arrière.",
        scheduled=60, arrived=58, sorted=55, closed=40, act="Décision du président n° D-041",
        machines=_several(
            (10, made.LATITUDE, F.READY), (1, made.OLD_LATITUDE, F.PARTS), (1, made.OLD_LATITUDE, F.DESTROYED),
            (4, made.DELL_SCREEN, F.READY),
        ),
    ),
    Gift(
        "ville", "ville", LegalOrigin.PUBLIC_BODY, 50, "Postes réformés des services, moins de dix ans. Valeur unitaire sous 300 €.",
        scheduled=48, arrived=44, sorted=41, closed=30, act="Délibération n° 118 du conseil municipal",
        machines=_several(
            (7, made.OPTIPLEX, F.READY), (1, made.PRODESK, F.ERASED), (1, made.PRODESK, F.LOST), (1, made.PRODESK, F.MISSING_PART),
            (5, made.IIYAMA_SCREEN, F.READY), (1, made.IIYAMA_SCREEN, F.WASTE),
        ),
    ),
    Gift(
        "lire", "lire", LegalOrigin.ASSOCIATION, 43, "Tablettes d'ateliers de lecture, avec housses.", arrived=40, sorted=38, closed=26,
        act="Décision du président n° D-052", machines=_several((5, made.SURFACE, F.READY), (3, made.PROBOOK, F.READY)),
    ),
    Gift(
        "laboratoires", "laboratoires", LegalOrigin.COMPANY, 24, "Téléphones de terrain et matériel de réunion.", arrived=20, sorted=17,
        machines=_several(
            (2, made.TRAVELMATE, F.TESTING), (1, made.GALAXY, F.ACTIVATION_LOCK), (2, made.GALAXY, F.REFUSED), (1, made.BROTHER, F.READY),
            (1, made.EPSON, F.READY),
        ),
    ),
    Gift(
        "menuiseries", "menuiseries", LegalOrigin.COMPANY, 16, "Dix portables de l'atelier et des bureaux, batteries fatiguées.",
        scheduled=15, arrived=12, sorted=10, besides=((K.LAPTOP, 1),),
        machines=_several(
            (2, made.THINKPAD, F.READY), (1, made.THINKPAD, F.TESTING), (1, made.THINKPAD, F.SECOND_LOOK), (2, made.THINKPAD, F.ERASED),
            (1, made.THINKPAD, F.ERASING), (1, made.OLD_LATITUDE, F.FAILED_WIPE), (1, made.THINKPAD, F.BIOS_LOCKED),
        ),
    ),
    Gift(
        "architectes", "architectes", LegalOrigin.COMPANY, 6, "À monter au deuxième étage sans ascenseur : prévoir deux personnes.",
        scheduled=5, arrived=2,
        machines=_several((2, made.PROBOOK, F.TO_ERASE), (2, made.PROBOOK, F.RECEIVED), (2, made.PRODESK, F.RECEIVED)),
    ),
    Gift("transports", "transports", LegalOrigin.COMPANY, 3, "Huit portables de chauffeurs, à enlever avant la fin du mois.",
         besides=((K.LAPTOP, 8),)),
    Gift("fixes", "laboratoires", LegalOrigin.COMPANY, 9, "Six postes fixes de laboratoire, disques laissés en place.", scheduled=4,
         besides=((K.DESKTOP, 6), (K.MONITOR, 6))),
    Gift("amicale", "amicale", LegalOrigin.ASSOCIATION, 33, "Douze écrans à tube et deux imprimantes.",
         besides=((K.MONITOR, 12), (K.PRINTER, 2))),
    Gift("annule", "architectes", LegalOrigin.COMPANY, 28, "Deux traceurs.", besides=((K.PRINTER, 2),)),
)  # fmt: skip


def plan_gifts(cast: Cast, diary: Diary) -> None:
    """Note every donation in the diary, up to the papers."""
    for number, gift in enumerate(GIFTS):
        diary.note(gift.announced, f"09:{number + 10}", partial(_announce, cast, diary, gift))
        if gift.scheduled is not None:
            visit = diary.day(gift.arrived) if gift.arrived is not None else diary.day(-4)
            diary.note(gift.scheduled, f"11:{number + 10}", partial(_schedule, cast, gift, visit))
        if gift.arrived is not None:
            diary.note(gift.arrived, f"09:{number + 30}", partial(_receive, cast, gift))
        if gift.sorted is not None:
            diary.note(gift.sorted, f"17:{number + 10}", partial(_move, cast, gift, "sort"))
        if gift.closed is not None:
            diary.note(gift.closed, f"16:{number + 10}", partial(_close, cast, gift))
    tubes = "Écrans à tube : la déchèterie les reprend."
    diary.note(30, "10:05", partial(_move, cast, _gift("amicale"), "refuse", reason="wrong_kind", note=tubes))
    diary.note(25, "10:05", partial(_move, cast, _gift("annule"), "cancel", reason="Le cabinet garde finalement ses traceurs."))
    for days in (43, 22, 1):  # What the worker does once a month has ended.
        diary.note(days, "08:05", tell_donors)
    _plan_papers(cast, diary)


def _plan_papers(cast: Cast, diary: Diary) -> None:
    coordinator = cast.actors["coordinator"]
    # A first attestation as soon as drives are wiped, then the one that annuls and replaces it when all of them are.
    diary.note(54, "15:05", lambda: issue_erasure_certificate(coordinator, cast.donations["mutuelle"]))
    for key in ("mutuelle", "ville", "lire"):
        closed = _gift(key).closed or 1
        diary.note(closed - 1, "10:05", partial(_certify, cast, key))
    diary.note(2, "11:20", lambda: _tell_stock(cast))
    diary.note(1, "16:40", lambda: send_papers_to_donor(coordinator, cast.donations["lire"]))


def _tell_stock(cast: Cast) -> None:
    """The town tells what it had written off on 1 January, for its REEN report."""
    gift = cast.donations["ville"]
    assert gift.received_on is not None
    note_stock(cast.actors["coordinator"], gift.donor, gift.received_on.year, screens=14, small=19, too_old=6, is_protected=2)


def _gift(key: str) -> Gift:
    return next(gift for gift in GIFTS if gift.key == key)


def _announce(cast: Cast, diary: Diary, gift: Gift) -> None:
    early = gift.act if gift.key == "ville" else None
    cast.donations[gift.key] = announce_donation(
        cast.actors["coordinator"],
        legal_origin=gift.origin,
        lines=gift.lines,
        donor_id=cast.organisations[gift.donor].id,
        note=gift.note,
        accepted_by_act=early,
        accepted_on=diary.day(gift.announced + 5) if early else None,
    )


def _schedule(cast: Cast, gift: Gift, visit: date) -> None:
    donation_machine.fire(
        cast.donations[gift.key],
        "schedule",
        cast.actors["coordinator"],
        way=Way.PICK_UP.value,
        slot=Slot(visit, HalfDay.MORNING).key,
        note="Sur place, à 9 h, avec le fourgon.",
    )


def _receive(cast: Cast, gift: Gift) -> None:
    donation = cast.donations[gift.key]
    counts = Counter(model.kind.value for model, _ in gift.machines)
    donation_machine.fire(donation, "receive", cast.actors["coordinator"], received_on=today().isoformat(), counts=dict(counts))
    entered = db.session.scalars(select(Device).where(Device.donation_id == donation.id).order_by(Device.id)).all()
    unpacked = {kind: iter([device for device in entered if device.kind is kind]) for kind in K}
    for number, (model, _) in enumerate(gift.machines):
        cast.devices[f"{gift.key}/{number}"] = next(unpacked[model.kind])


def _move(cast: Cast, gift: Gift, move: str, **facts: object) -> None:
    donation_machine.fire(cast.donations[gift.key], move, cast.actors["coordinator"], **facts)


def _close(cast: Cast, gift: Gift) -> None:
    donation, coordinator = cast.donations[gift.key], cast.actors["coordinator"]
    if donation.accepted_by_act is None and gift.act:
        name_acceptance(coordinator, donation, accepted_by_act=gift.act, accepted_on=today())
    donation_machine.fire(donation, "close", coordinator)


def _certify(cast: Cast, key: str) -> None:
    coordinator = cast.actors["coordinator"]
    issue_erasure_certificate(coordinator, cast.donations[key])
    issue_donation_certificate(coordinator, cast.donations[key])
