"""A small world with an example of every kind of page, in several of its states; made through the same actions as on the screens."""

from datetime import timedelta

from sqlalchemy import select

from refurb.directory.models import Code
from refurb.documents.models import PaperKind
from refurb.inventory.checks.actions.checks import Answer, Told
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.donations.donor import donor_url
from refurb.inventory.labels.actions.label_runs import make_run
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.referrals.words import RefusalReason
from tests.support.story import desk, dock, evidence, families, gala, gifts, intake, lists, people, proofs, spares, stations, workshop
from tests.support.story.machines import devices_of


def settle() -> str:
    """Fill the world; the address of the donor's page."""
    donation = the_workshop()
    the_families()
    the_counter()
    return donor_url(donation)


def the_workshop() -> Donation:
    """A donation on its way, one at work with its papers; a device in each kind of trouble."""
    declared(gifts.announced(4))
    twins()
    coming_in()
    donation = gifts.received(6, of=7)
    read, wiped, refused, testing, flagged, _untouched = devices_of(donation)
    evidence.read(read, evidence.lshw(evidence.Disk("W-READ"), serial="SN-READ"))
    evidence.fire(read, "accept")
    evidence.bring_to_tests(wiped, evidence.Disk("W-WIPED"))
    evidence.read(
        refused, evidence.lshw(evidence.Disk("W-REFUSED"), serial="SN-REFUSED"), evidence.smartctl(evidence.Disk("W-REFUSED", passed=False))
    )
    evidence.wipe(evidence.Wipe("W-REFUSED", status="-FAILED-"), evidence.Wipe("W-STRANGER"))
    evidence.fire(refused, "accept", "start_erasure")
    evidence.bring_to_tests(testing, evidence.Disk("W-TESTING"))
    spares.fit(spares.memory(3), testing)
    spares.take_out(testing, place="Bac C")
    workshop.answer(testing, {"keyboard": Told(Answer.NO, "La touche E."), "look": Told("damaged"), "battery_health": Told("57")})
    evidence.bring_to_tests(flagged, evidence.Disk("W-FLAGGED"))
    with unit_of_work():
        raise_flag(people.actor(Role.TECHNICIAN), flagged, FlagKind.SECOND_LOOK, "Rayure de 4 cm, coin droit de l'écran.")
    stations.token()
    the_dock()
    proofs.stated(proofs.drive_of_serial("W-READ"))
    proofs.reset_stated(evidence.arrive(DeviceKind.TABLET)[0])
    [loose, broken] = [proofs.in_stock(serial) for serial in ("W-LOOSE", None)]
    proofs.declared(broken)
    proofs.destroyed(loose)
    gifts.issued(donation, PaperKind.ERASURE)
    gifts.issued(donation, PaperKind.DONATION)
    return donation


def declared(donation: Donation) -> None:
    """A donor's list that was imported, and another that waits with its problems."""
    lists.imported(donation)
    odd = ("X-1", "Maquette", "", "", "", "", "")
    lists.receive(donation, lists.csv(odd, ("X-2", "portable", "HP", "ProBook 450", "6,37702E+15", "beaucoup", "")), "parc corrigé.csv")


def twins() -> None:
    """One machine that was read under two labels, because its firmware has no serial number."""
    for device in devices_of(gifts.received(2)):
        evidence.read(device, evidence.lshw(evidence.Disk("W-TWIN"), serial=""))


def the_dock() -> None:
    """A batch that was taken away, and one that is being filled."""
    dock.gone()
    waiting = dock.batch(eco_organisme="ecologic")
    dock.scan(waiting, dock.discarded().code)
    dock.discarded()


def coming_in() -> None:
    """A donation about which something is asked, one with its half-day, one of our own stock, labels printed in advance."""
    workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")
    intake.scheduled()
    workshop.announced(legal_origin=LegalOrigin.OWN_STOCK)
    with unit_of_work():
        make_run(people.actor(Role.TECHNICIAN), 3)


def the_families() -> None:
    """Referrals at each step, a hand-over to do, one done and one to be signed, a ceremony to come and one that is going on."""
    families.handed_over(last_name="Servie")
    families.left_unsigned(last_name="Pas encore signé")
    families.allocated(last_name="Attendue")
    gala.planned(families.allocated(last_name="Invitée"), title="Remise de printemps")
    held = gala.held(3)
    gala.turn(held.turns[0], "hand_over")
    gala.turn(held.turns[1], "miss")
    # Afterwards, because whoever waits is served in order.
    families.draft(first_name="Yves", last_name="Brouillon")
    families.submitted(last_name="Transmise")
    families.fire(families.submitted(last_name="Incomplète"), "ask", question="A-t-elle une imprimante ?")
    families.fire(families.waiting(last_name="Refusée"), "refuse", reason=RefusalReason.OUTSIDE_TERRITORY)
    families.waiting(last_name="Première")
    families.waiting(last_name="Deuxième", school_children=3)
    families.ready()
    families.ready()


def the_counter() -> None:
    """Things to lend: on the shelf, out, late, back incomplete, back broken, and a ready tablet that may join them."""
    somebody = desk.borrower()
    with at(now() - timedelta(days=60)):
        desk.lent(desk.tablet("R52N30LATE0", "Tablette n° 1"), somebody)
    desk.lent(desk.tablet("R52N30HERE0", "Tablette n° 2"), somebody)
    desk.back(desk.lent(desk.kit("Robots mBot n° 3"), somebody), Câble=("missing", 3))
    desk.back(desk.lent(desk.tablet("R52N30BACK0", "Tablette n° 3"), somebody), Tablette=("damaged", None))
    desk.kit("Robots mBot n° 4")
    desk.ready_tablet("R52N30STOCK")


def printed_codes() -> list[str]:
    """A code of each kind of thing that bears one."""
    kinds = db.session.scalars(select(Code.subject_kind).distinct().order_by(Code.subject_kind)).all()
    return [str(db.session.scalars(select(Code.code).where(Code.subject_kind == kind).limit(1)).first()) for kind in kinds]


def untouched_code() -> str:
    """The code of a device that was received, and nothing more."""
    return db.session.scalars(select(Device.code).where(Device.state == DeviceState.RECEIVED, Device.serial.is_(None))).first() or ""
