"""The territory under measure: its people by the product's own actions, its stock by statements inside the database."""

import random
from dataclasses import dataclass

from click import Group
from click.testing import CliRunner
from sqlalchemy import select

from refurb.accounts.actions import make_token, open_account, secret_of
from refurb.accounts.models import Door
from refurb.commands import commands
from refurb.directory.actions import add_organisation
from refurb.directory.models import Organisation
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.bench.desk import write_desk
from tests.bench.dialect import Writer, writing
from tests.bench.stock import FIRST, SECOND, write_machines

PASSWORD = "une phrase de passe"
HERE = (Role.ADMIN, Role.COORDINATOR, Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER, Role.OBSERVER)
EMAIL = {role: f"{role.value}@bench.example" for role in HERE}
PARTNERS = 5
SAMPLE = 200
HELD = 12


@dataclass(frozen=True)
class Stock:
    """What the measures ask for: a token's secret, codes and serial numbers of some devices, the two big donations by their size."""

    secret: str
    codes: list[str]
    serials: list[str]
    donations: dict[int, str]


def fill(count: int) -> Stock:
    """Write the territory and `count` devices."""
    secret, accounts, donor_id, partners = settle()
    with writing() as writer:
        write_machines(writer, count, donor_id, accounts[Role.TECHNICIAN])
        write_desk(writer, count, partners)
        _take_in_hand(writer, accounts[Role.TECHNICIAN])
        _keep_series(writer)
        known = writer.all("SELECT code, n FROM machines WHERE state <> 'in_pool' ORDER BY n")
    rebuild()
    drawn = random.Random(1).sample(known, min(SAMPLE, len(known)))
    big = {FIRST: (1, FIRST), SECOND: (2, FIRST + SECOND)}
    donations = {size: f"DN-2026-{number:04d}" for size, (number, least) in big.items() if count >= least}
    return Stock(secret, [code for code, _number in drawn], [f"SN{number:08d}" for _code, number in drawn], donations)


def settle() -> tuple[str, dict[Role, int], int, list[tuple[int, int]]]:
    """One account per role, a donor, the partners each with a prescriber."""
    with unit_of_work():
        add_organisation(SERVICE, name="Territoire de mesure", place="Poitiers", is_home=True)
        donor = add_organisation(SERVICE, name="Donateur", is_donor=True, siren="732829320")
        partners = [add_organisation(SERVICE, name=f"Structure {number}", is_partner=True) for number in range(PARTNERS)]
        accounts = {
            role: open_account(
                SERVICE,
                email=email,
                name=f"Mesure {role.value}",
                grants=[Grant(role, partners[0].id if role is Role.PRESCRIBER else None)],
                password=PASSWORD,
            )
            for role, email in EMAIL.items()
        }
        secret = secret_of(make_token(SERVICE, accounts[Role.ADMIN], "bench", Role.ADMIN, Door.API, proved=True))
        others = [
            open_account(
                SERVICE,
                email=f"prescriber{each.id}@bench.example",
                name=each.name,
                grants=[Grant(Role.PRESCRIBER, each.id)],
                password=PASSWORD,
            )
            for each in partners[1:]
        ]
        writers = [(each.id, each.grants[0].organisation_id or 0) for each in (accounts[Role.PRESCRIBER], *others)]
        return secret, {role: account.id for role, account in accounts.items()}, donor.id, writers


def _take_in_hand(writer: Writer, technician_id: int) -> None:
    """A few machines on the technician's bench."""
    source = f"(SELECT n, since FROM machines WHERE state = 'testing' ORDER BY n LIMIT {HELD}) AS held"
    writer.insert("holdings", source, device_id="n", account_id=str(technician_id), since=writer.says.instant("since"))


def _keep_series(writer: Writer) -> None:
    """The numbers that the product gives next follow those that were written."""
    for prefix, table in (("DN", "donations"), ("OR", "referrals"), ("PR", "loans")):
        writer.insert("reference_counters", f"{table} HAVING max(id) > 0", series=f"'{prefix}-{today().year}'", last="max(id)")


def rebuild() -> None:
    """Have the product make what it keeps beside its rows (counts, indexes), by each of its `rebuild` commands."""
    for name, group in sorted(commands.commands.items()):
        if isinstance(group, Group) and "rebuild" in group.commands:
            result = CliRunner().invoke(group, ["rebuild"])
            if result.exit_code:
                raise RuntimeError(f"refurb {name} rebuild: {result.output} {result.exception}")


def take_in(count: int) -> list[str]:
    """The codes of so many devices just received, without a fact or a drive, to upload reports for."""
    with unit_of_work() as session:
        donor = session.scalars(select(Organisation).where(Organisation.is_donor)).one()
        kinds = {DeviceKind.LAPTOP: count}
        donation = announce_donation(SERVICE, donor_id=donor.id, legal_origin=LegalOrigin.COMPANY, lines=kinds)
        donation_machine.fire(donation, "receive", SERVICE, received_on=today().isoformat(), counts=kinds)
        codes = list(session.scalars(select(Device.code).where(Device.donation_id == donation.id).order_by(Device.id)))
    db.session.remove()
    return codes
