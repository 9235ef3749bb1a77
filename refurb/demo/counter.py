"""What is lent in the demonstration: products, things with their components, who borrows, loans running, late and returned."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.demo.scribble import drawing
from refurb.directory.agenda.queries import days_of
from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.claims.words import PoolKey
from refurb.lending.items.actions import add_item, add_product, correct_item, correct_product, note_damage
from refurb.lending.items.queries import item_of_device
from refurb.lending.items.states import item_machine
from refurb.lending.kits.actions import correct_contents, label_pieces
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.reminders.actions import say_back
from refurb.lending.reservations.actions import let_days_pass, reserve
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.packing import pack
from refurb.lending.reservations.queries import promised_of
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import ReservationState
from refurb.lending.series.actions import borrower_for, reserve_workshop
from refurb.lending.series.queries import WorkshopWay, dates_of, outlook_of
from refurb.lending.series.words import Repeat, WayOut
from refurb.lending.terms import loan_policy
from refurb.lending.upkeep.actions import open_repair, plan_upkeep
from refurb.lending.upkeep.states import upkeep_machine
from refurb.lending.upkeep.words import PlanScope
from refurb.lending.waits.actions import serve_waits, wait_for
from refurb.lending.waits.models import Wait
from refurb.lending.waits.states import wait_machine

PRODUCTS = {
    "tablet": ("Tablette 10 pouces", "tablet", "Windows, avec clavier détachable. Pour les démarches, la lecture, les visios."),
    "robots": ("Malle robots mBot", "kit", "Quatre robots à programmer, pour des groupes de huit à douze enfants."),
    "printer": ("Imprimante 3D", "printer3d", "Petite imprimante de table, plateau de 18 cm, avec une bobine."),
    "projector": ("Vidéoprojecteur", "projector", "Pour une réunion ou un ciné-club ; écran non fourni."),
    "microbit": ("Malle cartes micro:bit", "kit", "Dix cartes à programmer, piles et câbles compris. Marche sans Internet."),
    "laptop": ("Valise de huit portables", "computer", "Linux, traitement de texte et navigateur ; pour un atelier ou une formation."),
    "mending": ("Kit de réparation électronique", "other", "Fer à souder, multimètre et tournevis de précision, pour un café-réparation."),
    "box": ("Box 4G", "internet", "Internet sans ligne, le temps d'un déménagement ou d'un atelier."),
}

_Parts = tuple[tuple[str, int, int, str | None], ...]
_PARTS: dict[str, _Parts] = {
    "tablet": (("Tablette", 1, 22_900, "tablette"), ("Chargeur", 1, 2_900, "chargeur"), ("Housse", 1, 1_500, "malle")),
    "robots": (
        ("Robot mBot2 monté", 4, 12_900, "robot"), ("Câble USB-C, 1 m", 4, 650, "cable"), ("Capteur d'ultrasons", 4, 1_200, "capteur"),
        ("Tapis de parcours", 1, 3_500, "tapis"), ("Jeu de cartes de défis", 1, 900, "cartes"), ("Tournevis", 1, 300, "tournevis"),
    ),
    "printer": (("Imprimante", 1, 24_900, "imprimante"), ("Câble d'alimentation", 1, 800, "cable"), ("Spatule", 1, 500, "tournevis")),
    "projector": (("Vidéoprojecteur", 1, 32_000, "projecteur"), ("Câble HDMI, 3 m", 1, 900, "cable"), ("Télécommande", 1, 2_500, None)),
    "microbit": (("Carte micro:bit", 10, 2_200, "capteur"), ("Câble USB", 10, 300, "cable"), ("Boîtier de piles", 10, 350, "batterie")),
    "laptop": (("Ordinateur portable", 8, 18_000, "tablette"), ("Chargeur", 8, 2_500, "chargeur"), ("Multiprise", 2, 1_200, "cable")),
    "mending": (("Fer à souder", 2, 4_500, "tournevis"), ("Multimètre", 2, 2_900, "capteur"), ("Tournevis fins", 1, 1_900, "tournevis")),
    "box": (("Boîtier", 1, 7_900, "box4g"), ("Chargeur", 1, 1_500, "chargeur"), ("Batterie", 1, 1_900, "batterie")),
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """One thing to lend; `device` names the machine of the stock that it is."""

    key: str
    product: str
    name: str
    device: str | None = None


THINGS = (
    *(Thing(f"tablet-{number}", "tablet", f"Tablette n° {number}", f"lire/{number - 1}") for number in (1, 2, 3, 4)),
    *(Thing(f"robots-{number}", "robots", f"Robots mBot n° {number}") for number in (1, 2, 3)),
    *(Thing(f"printer-{number}", "printer", f"Imprimante 3D n° {number}") for number in (1, 2)),
    Thing("projector-1", "projector", "Vidéoprojecteur n° 1", "laboratoires/6"),
    Thing("projector-2", "projector", "Vidéoprojecteur n° 2"),
    *(Thing(f"microbit-{number}", "microbit", f"Cartes micro:bit n° {number}") for number in (1, 2)),
    Thing("laptop-1", "laptop", "Valise de portables n° 1"),
    *(Thing(f"mending-{number}", "mending", f"Kit de réparation n° {number}") for number in (1, 2)),
    *(Thing(f"box-{number}", "box", f"Box 4G n° {number}") for number in (1, 2, 3)),
)

BORROWERS = {
    "aicha": ("Aïcha N'Diaye", None, "06 39 98 71 04"),
    "bernard": ("Bernard Lhoumeau", None, "06 39 98 71 18"),
    "camille": ("Camille Proust", None, "06 39 98 71 22"),
    "dimitri": ("Dimitri Savin", None, "06 39 98 71 36"),
    "mediatheque": ("Hortense Villain", "mediatheque", "01 99 00 31 50"),
    "couronneries": ("Malik Saïd", "couronneries", "01 99 00 31 31"),
}


def plan_counter(cast: Cast, diary: Diary) -> None:
    """Note in the diary what the desk does: the pool first, then each loan."""
    diary.note(247, "09:05", partial(_open_counter, cast))
    for number, thing in enumerate(THINGS):
        stocked = {"lire": 31, "laboratoires": 13}.get((thing.device or "").split("/")[0], 246)
        diary.note(stocked, f"10:{number * 2:02d}", partial(_stock, cast, thing))
    loan = partial(_plan_loan, cast, diary)  # Each is due when the policy says: those of more than its days ago are late.
    loan(8, "10:15", "aicha", "tablet-1", due_on=diary.open_day())
    loan(6, "16:40", "mediatheque", "robots-1", "tablet-2")
    loan(24, "14:10", "bernard", "box-1", drawn=False)
    loan(8, "11:25", "couronneries", "projector-1")
    diary.note_at(diary.lately("09:40"), partial(_said_back, cast, "couronneries-8"))
    forgotten = "Chargeur oublié, rapporté la semaine prochaine."
    loan(18, "15:30", "camille", "tablet-3", back=3, missing="Chargeur", note=forgotten)
    loan(33, "10:50", "mediatheque", "robots-2", back=16)
    diary.note(15, "09:30", partial(_look_after, cast, "robots-2", "check", wiped=False, note="Complet, robots rechargés."))
    loan(14, "17:10", "dimitri", "box-2")
    # The morning of the last day that was worked: today's, where it is over.
    diary.note_at(diary.lately("09:40"), partial(_lend, cast, "camille-0", "camille", ("printer-1",), drawn=True))
    diary.note_at(diary.lately("10:20"), partial(_return, cast, "dimitri-14", None, None))
    _plan_reservations(cast, diary)
    _plan_upkeep(cast, diary)
    diary.note(9, "09:50", partial(_look_after, cast, "printer-2", "send_to_repair", reason="Buse bouchée, plateau à régler."))
    diary.note(29, "09:50", partial(_look_after, cast, "box-3", "lose", reason="Absente de l'armoire à l'inventaire."))
    diary.note(19, "09:50", partial(_look_after, cast, "projector-2", "retire", reason="Lampe en fin de vie, plus fabriquée."))


def _plan_upkeep(cast: Cast, diary: Diary) -> None:
    """Who owns the pool and how old it is; a kit with a card missing and what is indispensable; plans, some due; repairs, one done."""
    diary.note(10, "09:00", partial(_tell_records, cast))
    diary.note(54, "10:30", partial(_correct_kit, cast))
    for key, name, days, rhythm in PLANS:
        diary.note(40, "11:10", partial(_plan, cast, key, name, days, rhythm))
    diary.note(12, "11:40", partial(_lose_piece, cast, "robots-3", "Jeu de cartes de défis", 1))
    diary.note(11, "11:40", partial(_damage, cast, "robots-3", "Câble USB-C, 1 m", "gaine fendue sur un câble"))
    diary.note(9, "10:10", partial(_repair, cast, "printer-2", "Buse bouchée, plateau à régler"))
    diary.note(5, "16:10", partial(_repair, cast, "box-1", "La batterie ne tient plus la journée"))
    diary.note(13, "16:40", partial(_dropped, cast, "printer-1", "Bruit au démarrage", "Entendu une fois, plus depuis."))
    diary.note(30, "16:10", partial(_repaired, cast, "projector-2", "Filtre encrassé", 1_850, "Atelier de Poitiers"))


PLANS: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("robots-1", "Charge des batteries", 0, {"every_loans": 3, "minutes": 20}),
    ("robots-1", "Contrôle complet", 1, {"every_months": 12, "minutes": 45}),
    ("printer-1", "Graissage des axes", 1, {"every_months": 6, "minutes": 30}),
    ("projector-2", "Nettoyage du filtre", 0, {"every_months": 1, "minutes": 10}),
)


WEIGHTS = {
    "Robot mBot2 monté": 435_000, "Câble USB-C, 1 m": 32_000, "Capteur d'ultrasons": 18_500, "Tapis de parcours": 640_000,
    "Jeu de cartes de défis": 1_800, "Tournevis": 41_000,
}  # fmt: skip


def _tell_records(cast: Cast) -> None:
    desk = cast.actors["desk"]
    for number, (key, item) in enumerate(cast.items.items()):
        bought = today().replace(day=1) - timedelta(days=365 * (1 + number % 4))
        told: dict[str, Any] = {"acquired_on": bought, "shelf": f"étagère {'ABC'[number % 3]}{1 + number % 4}"}
        if key.startswith("robots"):
            told |= {"funder": "LEADER", "logo_due": True, "keep_until": date(today().year + 3, 12, 31), "share_percent": 40}
        correct_item(desk, item, product_id=item.product_id, name=item.name, **told)
    known: dict[str, Any]
    years = {"tablet": 6, "robots": 8, "printer": 7, "projector": 8, "box": 5}
    for key, product in cast.products.items():
        known = {"name": product.name, "category": product.category, "about": product.about, "lifetime_years": years.get(key, 7)}
        more: dict[str, Any] = {"age_from": 8, "skill": "Aucune : les cartes guident pas à pas"} if key == "robots" else {}
        correct_product(desk, product, **known, **more)


def _correct_kit(cast: Cast) -> None:
    """The cards are counted one by one, and no kit leaves without its robots."""
    desk, kits = cast.actors["desk"], [cast.items[f"robots-{number}"] for number in (1, 2, 3)]
    facts = ("id", "name", "quantity", "value_cents", "picture")
    parts = [{name: getattr(part, name) for name in facts} for part in kits[0].components]
    for part in parts:
        part["indispensable"] = part["name"].startswith("Robot")
        if part["name"].startswith("Jeu"):
            part |= {"quantity": 24, "value_cents": 50}
        part["weight_mg"] = WEIGHTS[part["name"]]
    correct_contents(desk, kits[0], components=parts, reason="Les cartes sont comptées une à une.", also=kits[1:])
    label_pieces(desk, kits[0], component=kits[0].components[0].id)


def _plan(cast: Cast, key: str, name: str, days: int, rhythm: dict[str, Any]) -> None:
    plan_upkeep(cast.actors["desk"], cast.items[key], name=name, scope=PlanScope.PRODUCT, days=days, **rhythm)


def _lose_piece(cast: Cast, key: str, name: str, quantity: int) -> None:
    desk, item = cast.actors["desk"], cast.items[key]
    component = next(part.id for part in item.components if part.name == name)
    item_machine.fire(item, "note_missing", desk, component=component, quantity=quantity)
    item_machine.fire(item, "keep_incomplete", desk)
    item_machine.fire(item, "check", desk)


def _damage(cast: Cast, key: str, component: str, note: str) -> None:
    note_damage(cast.actors["desk"], cast.items[key], component=component, note=note)


def _repair(cast: Cast, key: str, what: str) -> None:
    open_repair(cast.actors["desk"], cast.items[key], what=what)


def _repaired(cast: Cast, key: str, what: str, cost_cents: int, workshop: str) -> None:
    ticket = open_repair(cast.actors["desk"], cast.items[key], what=what)
    upkeep_machine.fire(ticket, "finish", cast.actors["desk"], cost=f"{cost_cents / 100:.2f}", workshop=workshop)


def _dropped(cast: Cast, key: str, what: str, reason: str) -> None:
    upkeep_machine.fire(open_repair(cast.actors["desk"], cast.items[key], what=what), "drop", cast.actors["desk"], reason=reason)


def _plan_reservations(cast: Cast, diary: Diary) -> None:
    """One of each sort: promised, unanswered, fetched, brought back, given up; and one that is short, its projector being late."""
    told = partial(_plan_reservation, cast, diary)
    told(35, "mediatheque", "robots-2", (33, 5))  # Fetched, and brought back.
    told(9, "aicha", "tablet-1", (8, -10))  # Fetched, and still out.
    told(20, "bernard", "box-2", (16, 15))  # Nobody came.
    told(20, "dimitri", "robots-3", (12, 11), to_confirm=True)  # Nobody answered.
    told(12, "camille", "robots-3", (-5, -8), then="cancel", why="L'animation est reportée au printemps.")
    told(11, "bernard", "printer-1", (-20, -24), then="refuse", why="Pas de place pour la poser chez cette personne.")
    told(9, "camille", "projector-1", (-3, -5))  # Short, once the projector is late.
    told(2, "mediatheque", "robots-3", (-4, -9))
    told(1, "bernard", "tablet-4", (-6, -16), to_confirm=True)
    told(1, "couronneries", "printer-1", (-16, -20))
    diary.note_at(diary.lately("10:30"), let_days_pass)
    diary.note(1, "10:40", partial(_wait_for_projector, cast, diary))
    _plan_waits(cast, diary)
    diary.note(1, "11:10", partial(_reserve_workshop, cast, diary))
    diary.note_at(diary.lately("11:30"), partial(_pack, cast))


def _wait_for_projector(cast: Cast, diary: Diary) -> None:
    """Somebody waits for the projector, which is late."""
    item, loans = cast.items["projector-1"], loan_policy()
    first, last = (loans.next_open(diary.day(each), days_of(item.site_id)) for each in (-10, -12))
    days: dict[str, Any] = {"from_on": first, "to_on": last}
    wait_for(cast.actors["desk"], cast.borrowers["bernard"], product_id=item.product_id, quantity=1, site_id=item.site_id, **days)


def _plan_waits(cast: Cast, diary: Diary) -> None:
    """Both mending kits are kept for one house, and four wait; once it gives them up, one takes what is offered, and one does not."""
    days = diary.day(-13), diary.day(-15)
    diary.note(6, "11:05", partial(_reserve_both, cast, "couronneries", days))
    for minute, borrower, quantity in ((20, "bernard", 1), (21, "aicha", 1), (22, "mediatheque", 2), (23, "camille", 1)):
        diary.note(6, f"11:{minute}", partial(_wait_for_kit, cast, borrower, days, quantity))
    diary.note(5, "11:15", partial(_wait_no_more, cast, "mediatheque"))
    diary.note(2, "16:00", partial(_give_up, cast, "couronneries", "Le café-réparation est reporté."))
    diary.note(2, "16:30", partial(_take, cast, "bernard"))
    diary.note_at(diary.lately("09:20"), partial(_give_up, cast, "aicha", "A trouvé un kit chez un voisin."))


def _kit_days(cast: Cast, days: tuple[date, date]) -> tuple[date, date]:
    first, last = (loan_policy().next_open(each, days_of(cast.items["mending-1"].site_id)) for each in days)
    return first, last


def _reserve_both(cast: Cast, borrower: str, days: tuple[date, date]) -> None:
    item = cast.items["mending-1"]
    wanted = [{"product_id": item.product_id, "quantity": 2}]
    first, last = _kit_days(cast, days)
    reserve(cast.actors["desk"], cast.borrowers[borrower], from_on=first, to_on=last, lines=wanted, site_id=item.site_id)


def _wait_for_kit(cast: Cast, borrower: str, days: tuple[date, date], quantity: int) -> None:
    item, desk = cast.items["mending-1"], cast.actors["desk"]
    first, last = _kit_days(cast, days)
    wait_for(
        desk, cast.borrowers[borrower], product_id=item.product_id, from_on=first, to_on=last, quantity=quantity, site_id=item.site_id,
    )  # fmt: skip


def _wait_no_more(cast: Cast, borrower: str) -> None:
    wait = db.session.scalars(select(Wait).where(Wait.borrower_id == cast.borrowers[borrower].id)).one()
    wait_machine.fire(wait, "withdraw", cast.actors["desk"])


def _kept(cast: Cast, borrower: str) -> Reservation:
    """What is kept of the mending kits for somebody."""
    mending = ReservationLine.product_id == cast.products["mending"].id
    query = select(Reservation).join(ReservationLine).where(mending, Reservation.borrower_id == cast.borrowers[borrower].id)
    return db.session.scalars(query).one()


def _take(cast: Cast, borrower: str) -> None:
    reservation_machine.fire(_kept(cast, borrower), "confirm", cast.actors["desk"])


def _give_up(cast: Cast, borrower: str, why: str) -> None:
    """Somebody gives up what was kept; whoever waits is offered it at once, as at the end of each deed of a day's work."""
    reservation_machine.fire(_kept(cast, borrower), "cancel", cast.actors["desk"], reason=why)
    serve_waits(PoolKey(cast.products["mending"].id, cast.items["mending-1"].site_id))


def _reserve_workshop(cast: Cast, diary: Diary) -> None:
    """A partner's workshop of four weeks."""
    actor, loans, site = cast.actors["facilitator"], loan_policy(), cast.items["robots-1"].site_id
    wanted = {cast.products["robots"].id: 1, cast.products["tablet"].id: 1}
    first, last = (loans.next_open(diary.day(each), days_of(site)) for each in (-28, -30))
    looks = outlook_of([cast.products["robots"], cast.products["tablet"]], wanted, dates_of(first, last, Repeat.WEEKLY, 4), site)
    ways = [look.way(WayOut.LATER) or WorkshopWay(WayOut.LATER, look.asked, wanted) for look in looks]
    reserve_workshop(actor, borrower_for(actor), ways, site_id=site, purpose="Robots et histoires, 8 à 11 ans")


def _pack(cast: Cast) -> None:
    """The kit that leaves next lies in its bag."""
    item = cast.items["robots-3"]
    found = [each for each in promised_of(item) if each.state is ReservationState.APPROVED]
    if found and item.state.is_available:
        pack(cast.actors["desk"], found[0], item)


def _plan_reservation(
    cast: Cast, diary: Diary, ago: int, borrower: str, thing: str, days: tuple[int, int],
    *, to_confirm: bool = False, then: str | None = None, why: str | None = None,
) -> None:  # fmt: skip
    def _reserve() -> None:
        item, loans = cast.items[thing], loan_policy()
        first, last = (loans.next_open(diary.day(each), days_of(item.site_id)) for each in days)
        made = reserve(
            cast.actors["desk"],
            cast.borrowers[borrower],
            from_on=first,
            to_on=last,
            lines=[{"product_id": item.product_id, "quantity": 1}],
            site_id=item.site_id,
            to_confirm=to_confirm,
        )
        if then is not None:
            reservation_machine.fire(made, then, cast.actors["desk"], reason=why)

    diary.note(ago, "09:15", _reserve)


def _open_counter(cast: Cast) -> None:
    desk = cast.actors["desk"]
    for key, (name, category, about) in PRODUCTS.items():
        cast.products[key] = add_product(desk, name=name, category=category, about=about)
    for key, (name, organisation, phone) in BORROWERS.items():
        cast.borrowers[key] = register_borrower(
            desk,
            name=name,
            is_adult=True,
            phone=phone.replace(" ", ""),
            organisation_id=cast.organisations[organisation].id if organisation else None,
        )


def _stock(cast: Cast, thing: Thing) -> None:
    desk, product = cast.actors["desk"], cast.products[thing.product]
    parts: list[dict[str, Any]] = [
        {"name": name, "quantity": quantity, "value_cents": cents, **({"picture": picture} if picture else {})}
        for name, quantity, cents, picture in _PARTS[thing.product]
    ]
    if thing.device is None:
        cast.items[thing.key] = add_item(desk, product_id=product.id, name=thing.name, components=parts)
        return
    device = cast.devices[thing.device]
    device_machine.fire(device, "join_pool", desk, product_id=product.id, name=thing.name, components=parts)
    item = item_of_device(device.id)
    assert item is not None
    cast.items[thing.key] = item


def _plan_loan(
    cast: Cast, diary: Diary, ago: int, clock: str, borrower: str, *things: str,
    drawn: bool = True, back: int | None = None, missing: str | None = None, note: str | None = None, due_on: date | None = None,
) -> None:  # fmt: skip
    key = f"{borrower}-{ago}"
    diary.note(ago, clock, partial(_lend, cast, key, borrower, things, drawn=drawn, due_on=due_on))
    if back is not None:
        diary.note(back, "17:20", partial(_return, cast, key, missing, note))


def _lend(cast: Cast, key: str, borrower: str, things: tuple[str, ...], *, drawn: bool, due_on: date | None = None) -> None:
    items = [cast.items[thing] for thing in things]
    cast.loans[key] = lend(
        cast.actors["desk"],
        cast.borrowers[borrower],
        [Departure(item, [{"component": each.id, "state": "complete"} for each in item.components], due_on) for item in items],
        signature=drawing(key) if drawn else None,
        on_paper=not drawn,
    )


def _said_back(cast: Cast, key: str) -> None:
    """Whoever borrowed it says by the link that it was brought back; nobody has found it yet."""
    say_back(SERVICE, cast.loans[key].lines[0], by_borrower=True)


def _return(cast: Cast, key: str, missing: str | None, note: str | None) -> None:
    for line in cast.loans[key].lines:
        counts = [{"component": each.id, "state": "missing" if each.name == missing else "complete"} for each in line.counts]
        take_back(cast.actors["desk"], line, counts, note)


def _look_after(cast: Cast, key: str, move: str, **facts: object) -> None:
    item_machine.fire(cast.items[key], move, cast.actors["desk"], **facts)
