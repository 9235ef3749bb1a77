"""Who lives in the demonstration: the territory, its donors and partners, and the accounts. All of them are invented.

Telephone numbers are of the ranges that the ARCEP keeps for fiction, addresses end in `.example` (RFC 2606), and the SIREN numbers only
have a right key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.accounts.actions import open_account
from refurb.accounts.demonstration import PASSWORD
from refurb.accounts.invitations.actions import invite
from refurb.accounts.models import Account
from refurb.accounts.people.actions import confirm_rights
from refurb.accounts.queries import actor_of
from refurb.demo.diary import Cast, Diary
from refurb.demo.letterhead import settle_letterhead
from refurb.directory.actions import add_contact, add_organisation
from refurb.kernel.deeds.access import BOUND, ROLES, SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; `of` names the partner of a bound role, `also` the roles besides."""

    key: str
    email: str
    name: str
    role: Role
    of: str | None = None
    also: tuple[Role, ...] = ()

    def grants(self, cast: Cast) -> list[Grant]:
        """What they may be here."""
        partner = cast.organisations[self.of].id if self.of else None
        return [Grant(role, partner if role in BOUND else None) for role in (self.role, *self.also)]


PEOPLE = (
    Person("admin", "admin@relais.example", "Maud Verger", Role.ADMIN),
    Person("coordinator", "coordination@relais.example", "Hélène Charrier", Role.COORDINATOR),
    Person("technician", "atelier@relais.example", "Samira Benali", Role.TECHNICIAN),
    Person("apprentice", "atelier2@relais.example", "Gwenaël Tessier", Role.TECHNICIAN),
    Person("desk", "accueil@relais.example", "Yann Le Goff", Role.DESK),
    Person("ccas", "social@ccas.example", "Claire Sauvage", Role.PRESCRIBER, "ccas", (Role.REFERENT,)),
    Person("mission", "conseil@mission-locale.example", "Noé Bertaud", Role.PRESCRIBER, "mission"),
    Person("adviser", "conseil@relais.example", "Bérengère Auzanneau", Role.DESK, also=(Role.ADVISER, Role.ORGANISER)),
    Person("trainer", "fablab@relais.example", "Maëlle Brunet-Sow", Role.TRAINER),
    Person("facilitator", "animation@couronneries.example", "Nadia Belkacem", Role.FACILITATOR, "couronneries"),
    Person("member", "commission@ville.example", "Agnès Lhérault-Dufour", Role.MEMBER),
    Person("observer", "observation@relais.example", "Paule Roy", Role.OBSERVER),
)

PARTNERS = {
    "ccas": ("CCAS de Poitiers", True, "0199003110", "contact@ccas.example"),
    "mission": ("Mission locale d'insertion du Poitou", False, "0199003120", "contact@mission-locale.example"),
    "couronneries": ("Maison de quartier des Couronneries", False, "0199003131", "couronneries@quartiers.example"),
    "bellejouanne": ("Maison de quartier de Bellejouanne", False, "0199003132", "bellejouanne@quartiers.example"),
    "montbernage": ("Maison de quartier de Montbernage", False, "0199003133", "montbernage@quartiers.example"),
}

DONORS = {
    "mutuelle": ("Mutuelle du Clain", "Poitiers", "999012404", "Anaïs Delaunay", "anais.delaunay@mutuelle-du-clain.example"),
    "menuiseries": ("Menuiseries Auzance & fils", "Migné-Auxances", "999031875", "Inès Bâtard", "ines@menuiseries-auzance.example"),
    "laboratoires": ("Laboratoires Val de Vienne", "Chasseneuil-du-Poitou", "999055213", "Rémi Pacaud", "rp@val-de-vienne.example"),
    "architectes": ("Atelier Boivre, architectes", "Buxerolles", "999070634", "Lou Marchetti", "lou@atelier-boivre.example"),
    "transports": ("Transports Gaudinière", "Jaunay-Marigny", "999088149", "Éric Salmon", "e.salmon@gaudiniere.example"),
    "lire": ("Lire à Montbernage", "Poitiers", None, "Odile Ferron", "odile@lire-montbernage.example"),
    "amicale": ("Amicale des Trois-Cités", "Poitiers", None, "Michel Auger", "bureau@amicale-trois-cites.example"),
}


def settle(cast: Cast) -> None:
    """Found the territory, and let everybody sign in."""
    add_organisation(
        SERVICE, name="Le Relais numérique", place="Poitiers", is_home=True, is_public_body=True, siret="99900086200014",
        address="12 rue de la Fiction, 86000 Poitiers", email="bonjour@relais.example", phone="0199003100",
    )  # fmt: skip
    for key, (name, public, phone, email) in PARTNERS.items():
        cast.organisations[key] = add_organisation(
            SERVICE, name=name, place="Poitiers", is_partner=True, is_public_body=public, phone=phone, email=email
        )
    for key, (name, place, siren, contact, email) in DONORS.items():
        donor = cast.organisations[key] = add_organisation(SERVICE, name=name, place=place, siren=siren, is_donor=True)
        add_contact(SERVICE, donor, name=contact, email=email, phone="0639980010")
    town = cast.organisations["ville"] = add_organisation(
        SERVICE, name="Ville de Poitiers", place="Poitiers", siren="999104722", is_donor=True, is_public_body=True
    )
    add_contact(SERVICE, town, name="Direction des systèmes d'information", email="parc@ville.example", phone="0199003140")
    cast.organisations["mediatheque"] = add_organisation(
        SERVICE,
        name="Médiathèque des Trois-Cités",
        place="Poitiers",
        is_borrower=True,
        is_public_body=True,
        email="accueil@mediatheque.example",
    )
    hashed = ""
    for person in PEOPLE:
        # One password for all, told to everybody: it is hashed once, since a hash takes as long as thirty deeds.
        account = open_account(
            SERVICE, email=person.email, name=person.name, grants=person.grants(cast), password=None if hashed else PASSWORD,
        )  # fmt: skip
        account.password_hash = hashed = hashed or account.password_hash
        db.session.flush()
        cast.actors[person.key] = actor_of(account)
    settle_letterhead(cast)


def plan_people(cast: Cast, diary: Diary) -> None:
    """Somebody is about to come: the invitation waits."""
    diary.note(2, "09:50", lambda: _invite_somebody(cast))
    diary.note(40, "17:20", lambda: confirm_rights(cast.actors["admin"], _everybody()))
    diary.note(1, "08:40", _come_in)


def _everybody() -> Sequence[Account]:
    return db.session.scalars(select(Account).order_by(Account.id)).all()


def _come_in() -> None:
    """They work here: all but one, who has not been here for so long that somebody is asked about it."""
    for account in _everybody():
        if not any(each.role is Role.OBSERVER for each in account.grants):
            account.signed_in_at = now()


def _invite_somebody(cast: Cast) -> None:
    invite(cast.actors["admin"], name="Samuel Ribardière", email="samuel.ribardiere@relais.example", grants=[Grant(Role.TECHNICIAN)])


def who_is_who() -> list[tuple[str, str, str]]:
    """Address, name and role of each account, as they are told on the terminal."""
    return [
        (
            person.email,
            person.name,
            " · ".join(str(ROLES[role]) for role in (person.role, *person.also)) + (f" ({PARTNERS[person.of][0]})" if person.of else ""),
        )
        for person in PEOPLE
    ]
