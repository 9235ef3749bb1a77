"""Who lives in the story: the territory, its partners, its donors, one account per role."""

from sqlalchemy import select

from refurb.accounts.actions import open_account
from refurb.accounts.models import Account
from refurb.accounts.queries import actor_of
from refurb.directory.actions import add_contact, add_organisation
from refurb.directory.models import Organisation
from refurb.directory.queries import home_organisation
from refurb.kernel.deeds.access import SERVICE, Actor, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work

PASSWORD = "une phrase de passe"

NAME = {
    Role.ADMIN: "Aude Minier",
    Role.COORDINATOR: "Hélène Charrier",
    Role.TECHNICIAN: "Samira Benali",
    Role.DESK: "Yann Le Goff",
    Role.PRESCRIBER: "Claire O'Sullivan",
    Role.OBSERVER: "Paul Observe",
}
EMAIL = {role: f"{role.value}@refurb.example" for role in NAME}
DONOR_SIREN = "732829320"


def settle() -> None:
    """Found the territory, unless it stands.

    Its own organisation, two partners (the prescriber is of the first), a donor with a contact, the accounts.
    """
    if home_organisation() is not None:
        return
    with unit_of_work():
        add_organisation(SERVICE, name="Le Relais numérique", place="Poitiers", is_home=True, siret="21860194600013", is_public_body=True,
                         address="1 place du Maréchal-Leclerc, 86000 Poitiers", email="relais@refurb.example")  # fmt: skip
        first = add_organisation(SERVICE, name="CCAS de Poitiers", is_partner=True, place="Poitiers")
        add_organisation(SERVICE, name="Mission locale d'insertion du Poitou", is_partner=True, place="Poitiers")
        donor = add_organisation(SERVICE, name="Menuiseries Bâtard & Associés", siren=DONOR_SIREN, is_donor=True, place="Buxerolles")
        add_contact(SERVICE, donor, name="Inès Bâtard", email="ines@donateur.example")
        for role, email in EMAIL.items():
            open_account(
                SERVICE, email=email, name=NAME[role], grants=[Grant(role, first.id if role is Role.PRESCRIBER else None)],
                password=PASSWORD,
            )  # fmt: skip


def actor(role: Role) -> Actor:
    """The actor of a role."""
    account = db.session.scalar(select(Account).where(Account.email == EMAIL[role]))
    assert account is not None
    return actor_of(account)


def organisation(name: str) -> Organisation:
    """An organisation whose name begins so."""
    return db.session.scalars(select(Organisation).where(Organisation.name.startswith(name))).one()


def somebody(*grants: Grant, email: str = "plusieurs@refurb.example", name: str = "Bérengère Auzanneau") -> Actor:
    """Somebody with just these roles."""
    with unit_of_work():
        account = open_account(SERVICE, email=email, name=name, grants=grants, password=PASSWORD)
    return actor_of(account)


def other_prescriber() -> Actor:
    """A prescriber of the second partner, the same one each time."""
    known = db.session.scalar(select(Account).where(Account.email == "autre@refurb.example"))
    if known is not None:
        return actor_of(known)
    with unit_of_work():
        account = open_account(
            SERVICE, email="autre@refurb.example", name="Noé Autre", password=PASSWORD,
            grants=[Grant(Role.PRESCRIBER, organisation("Mission locale").id)],
        )  # fmt: skip
    return actor_of(account)
