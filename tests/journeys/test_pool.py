"""Lending in depth, as four people live it: a partner's workshop with two kits, a van stop, a tablet that is late, a slot of a machine."""

from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import expect

from refurb.accounts.actions import open_account
from refurb.directory.agenda.queries import days_of
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import spell
from refurb.lending.items.actions import add_item
from refurb.lending.models import Borrower, Item, LoanLine
from refurb.lending.reservations.models import Reservation
from refurb.lending.terms import loan_policy
from tests.journeys.people.coordinator import draw_a_signature
from tests.journeys.people.desk import Desk
from tests.lending import fablab
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.story import desk, people, rota
from tests.support.visitor import PHONE, Visitor
from tests.support.web import Welcome

ANIMATOR = "animation@quatre-vents.example"


@dataclass(frozen=True)
class Pool:
    """What there is to lend, and who wants it."""

    kits: tuple[str, str]
    products: tuple[str, str]
    days: tuple[date, date]
    late: str
    loan: str
    tablet: str
    berthe: str
    stop: str
    passages: tuple[date, date]
    machine: int
    slot: date


def filled(service: Service) -> Pool:
    """Two kits, two tablets of which one is late, a stop of the bus, a printer that somebody may use."""
    with service.app.app_context():
        people.settle()
        loan = desk.lent(desk.tablet(), desk.borrower("Aïcha N'Diaye"))
        desk.made_due(loan, today() - timedelta(days=3))
        tablet = desk.tablet("R52N30ABCDF", "Tablette n° 2")
        robots = desk.kit("Malle robots n° 1")
        glasses = desk.product("Malle réalité virtuelle", "kit")
        with unit_of_work():
            parts = [{"name": "Casque", "quantity": 4}, {"name": "Manette", "quantity": 8}]
            second = add_item(people.actor(Role.DESK), product_id=glasses.id, name="Malle casques n° 1", components=parts)
        structure = db.session.query(Organisation).filter(Organisation.is_partner).order_by(Organisation.id.desc()).first()
        assert structure is not None
        with unit_of_work():
            open_account(
                SERVICE, email=ANIMATOR, name="Sandrine Oumar", grants=[Grant(Role.FACILITATOR, structure.id)], password=people.PASSWORD
            )
        charroux = rota.stop(rota.begun())
        passages = [day for day in rota.days(charroux) if day > today() + timedelta(days=3)]
        printer = fablab.printer()
        berthe = fablab.qualified(printer, desk.borrower("Berthe Autre"))
        first = loan_policy().next_open(today() + timedelta(days=1), days_of(1))
        last = loan_policy().next_open(first + timedelta(days=7), days_of(1))
        return Pool(
            kits=(robots.code, second.code), products=(robots.product.name, second.product.name), days=(first, last),
            late=loan.lines[0].item.code, loan=loan.reference, tablet=tablet.product.name, berthe=berthe.name, stop="Charroux, mairie",
            passages=(passages[0], passages[1]), machine=printer.id, slot=fablab.a_day(printer),
        )  # fmt: skip


def test_a_workshop_a_stop_a_late_tablet_and_a_slot(service: Service, welcome: Welcome) -> None:
    pool = filled(service)
    sandrine: Visitor = welcome()
    sandrine.sign_in_as(ANIMATOR)
    reference = a_partner_reserves_two_kits(sandrine, pool)

    yann: Desk = welcome(Desk)
    yann.sign_in(Role.DESK)
    both_kits_are_packed_ahead(yann, pool, reference)
    with service.app.app_context():
        card = db.session.query(Borrower).join(Reservation).filter(Reservation.reference == reference).one().code
    the_kits_leave_with_the_wedge(yann, pool, card)
    keys_are_given_away(yann)
    an_insurance_and_a_deposit_are_noted(yann, pool, card)
    sandrine.open(f"/ateliers/{reference}")
    sandrine.sees("Sorti")

    # The same desk on the road, with a telephone.
    nadia: Desk = welcome(Desk, width=PHONE, touch=True)
    nadia.sign_in(Role.DESK)
    a_tablet_waits_for_the_bus(nadia, pool)
    a_slot_of_the_printer(nadia, pool)
    the_late_tablet_is_back(nadia, pool)
    with service.app.app_context():
        left = {each.item.code: each.back_at is None for each in db.session.query(LoanLine).join(Item)}
    assert left == {pool.kits[0]: True, pool.kits[1]: True, pool.late: False}


def a_partner_reserves_two_kits(sandrine: Visitor, pool: Pool) -> str:
    """Two kits for one date: seen free, then sent; what is free is held at once."""
    sandrine.open("/ateliers/reserver")
    sandrine.fill("Retrait le", pool.days[0].isoformat())
    sandrine.fill("Retour le", pool.days[1].isoformat())
    sandrine.fill("Nombre de séances", "1")
    for name in pool.products:
        sandrine.page.get_by_label(name).fill("1")
    sandrine.fill("L'atelier", "Robots et histoires, 8 à 11 ans")
    sandrine.press("Voir ce qui est libre")
    expect(sandrine.page.locator("li.want.is-ok")).to_have_count(2)
    keep_for_the_guide(sandrine.page, "structures-atelier")
    sandrine.press("Envoyer la demande")
    sandrine.sees(*pool.products, "Robots et histoires", "1 réservation enregistrée")
    return sandrine.page.get_by_role("link", name="RS-").inner_text()


def both_kits_are_packed_ahead(yann: Desk, pool: Pool, reference: str) -> None:
    """The morning before, each kit is scanned into the bag of the reservation."""
    yann.open(f"/reservations/{reference}")
    yann.sees("Robots et histoires, 8 à 11 ans")
    for code in pool.kits:
        yann.fill("Préparer : scannez ce qui part", code)
        yann.press("Mettre dans le sac")
    expect(yann.page.locator("li.split", has_text="dans le sac")).to_have_count(2)


def the_kits_leave_with_the_wedge(yann: Desk, pool: Pool, card: str) -> None:
    """The card and both kits in one burst, whatever has the focus; counted at once, signed, recorded."""
    yann.open("/comptoir")
    yann.page.locator("body").click(position={"x": 3, "y": 3})
    yann.page.keyboard.type("".join(f"{code}\n" for code in (card, *pool.kits)))
    expect(yann.page.locator("li.line")).to_have_count(2)
    expect(yann.page.get_by_text("Réservé à son nom")).to_have_count(2)
    keep_for_the_guide(yann.page, "accueil-comptoir")
    whole = yann.page.get_by_role("button", name="Tout est là, sauf ce que je change")
    for left in (1, 0):
        whole.first.click()
        expect(whole).to_have_count(left)
    draw_a_signature(yann.page)
    yann.look()
    yann.page.get_by_role("button", name="Enregistrer", exact=True).click()
    yann.sees("Enregistré à")


def keys_are_given_away(yann: Desk) -> None:
    """Twenty came, four are given to who was at the workshop: sixteen are left."""
    yann.open("/consommables/nouveau")
    yann.fill("Nom du consommable", "Clé USB 16 Go")
    yann.fill("Compté en", "pièces")
    yann.press("Enregistrer")
    yann.page.get_by_label("Reçu").check()
    yann.fill("Combien ?", "20")
    yann.press("Noter")
    yann.fill("Combien ?", "4")
    yann.press("Noter")
    yann.sees("Il reste 16 pièces.")
    keep_for_the_guide(yann.page, "accueil-consommable")


def an_insurance_and_a_deposit_are_noted(yann: Desk, pool: Pool, card: str) -> None:
    """What was shown is written down with its last day, what was left though nobody asked with its régie; the card of each says both."""
    yann.open(f"/emprunteurs/{card}/justificatifs/nouveau")
    yann.fill("Par qui", "MAIF, contrat 4012 337 P")
    yann.fill("Valable jusqu'au", (pool.days[1] + timedelta(days=300)).isoformat())
    yann.page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    keep_for_the_guide(yann.page, "accueil-assurance")
    yann.press("Noter")
    yann.open(f"/emprunteurs/{card}/cautions/nouvelle")
    yann.page.get_by_label("Chèque", exact=False).first.check()
    yann.fill("Montant, en euros", "80")
    yann.fill("Régie qui l'encaisse ou le garde", "Médiathèque")
    yann.page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    keep_for_the_guide(yann.page, "accueil-caution")
    yann.press("Noter la caution")
    yann.sees("MAIF", "80,00", "Médiathèque")


def a_tablet_waits_for_the_bus(nadia: Desk, pool: Pool) -> None:
    """Reserved at a stop: both days are passages, and the list of the morning has it."""
    nadia.open("/reservations/nouvelle")
    nadia.fill("Retrait le", pool.passages[0].isoformat())
    nadia.fill("Retour le", pool.passages[1].isoformat())
    nadia.select("Où", pool.stop)
    nadia.touch("Voir ce qui est libre")
    nadia.page.get_by_label(pool.tablet).fill("1")
    nadia.page.get_by_role("textbox", name="Pour qui").fill(pool.berthe)
    nadia.touch("Réserver")
    nadia.sees(pool.stop, pool.berthe)
    reference = nadia.page.url.rpartition("/")[2]
    nadia.open(f"/itinerance/tournee?jour={pool.passages[0]}")
    nadia.sees("À charger", "Tablette n° 2", reference)
    keep_for_the_guide(nadia.page, "itinerance-journee")


def a_slot_of_the_printer(nadia: Desk, pool: Pool) -> None:
    """Berthe was shown the printer: she has a slot at ten."""
    nadia.open(f"/machines/{pool.machine}/creneau?jour={pool.slot}&heure=600")
    nadia.page.get_by_role("textbox", name="Pour qui").fill(pool.berthe)
    nadia.touch("Réserver le créneau")
    nadia.sees("Qui vient", pool.berthe, "10 h")
    keep_for_the_guide(nadia.page, "fablab-journal")
    nadia.open(f"/machines/{pool.machine}/calendrier?semaine={pool.slot}")
    nadia.sees("Réservé", pool.berthe)
    nadia.look()
    nadia.page.get_by_role("link", name=pool.berthe).scroll_into_view_if_needed()
    keep_for_the_guide(nadia.page, "fablab-calendrier")


def the_late_tablet_is_back(nadia: Desk, pool: Pool) -> None:
    """No card, a label typed with the thumb: whose it was, and how late, stand there; one press takes it back."""
    nadia.open("/prets?quoi=en-retard")
    nadia.sees(pool.loan, "en retard de 3 jours")
    nadia.open("/comptoir")
    nadia.page.get_by_label("Scannez une carte", exact=False).fill(spell(pool.late))
    nadia.page.get_by_role("button", name="Ouvrir").tap()
    nadia.sees("Prêté à Aïcha N'Diaye", "3 jours de retard")
    nadia.look()
    nadia.page.get_by_role("button", name="Tout est là, enregistrer").tap()
    nadia.sees("Enregistré à")
