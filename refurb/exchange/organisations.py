"""Partners and donors from a table."""

from collections.abc import Callable

from marshmallow import Schema

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.organisations import enter_organisation, take_as
from refurb.directory.organisations.fields import OrganisationNumbers, PostalCode
from refurb.directory.organisations.places import read_place
from refurb.directory.organisations.queries import organisation_numbered, organisations_like
from refurb.directory.words import Nature
from refurb.exchange.headings import Headings
from refurb.exchange.kinds import AlreadyHere, Facts, RowKind
from refurb.exchange.words import ExchangeKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Email, Phone, Text

HEADINGS: Headings = {
    "name": (
        "nom de la structure", "nom structure", "raison sociale", "structure", "organisation", "organisme", "denomination", "nom", "name",
        "company", "societe", "entreprise", "donateur", "partenaire", "supplier", "fournisseur",
    ),
    "numbers": ("siret", "siren", "n siret", "n siren", "numero siret", "rna", "siret ou rna", "siret siren", "pivot"),
    "postcode": ("code postal", "cp", "postal code", "zip", "code postal structure", "codepostal"),
    "place": ("commune", "ville", "city", "localite", "commune structure", "town"),
    "contact_name": ("contact", "nom du contact", "personne a contacter", "referent", "interlocuteur", "contact name", "contact person"),
    "contact_email": (
        "courriel", "email", "e-mail", "mail", "adresse e-mail", "adresse mail", "courriels", "adresse electronique", "email du contact",
    ),
    "contact_phone": ("telephone", "tel", "phone", "numero de telephone", "portable", "mobile", "telephone du contact"),
}  # fmt: skip


class OrganisationRow(Schema):
    """One organisation in a table."""

    name = Text(_lp("organisation", "Nom"), required=True, max=200)
    numbers = OrganisationNumbers(_l("SIRET, SIREN ou RNA"), max=30)
    postcode = PostalCode(_lp("address", "Code postal"), max=10)
    place = Text(_lp("address", "Commune"), max=120)
    contact_name = Text(_l("Personne à contacter"), max=160)
    contact_email = Email(_l("Adresse de courriel professionnelle"))
    contact_phone = Phone(_l("Téléphone"))


def _keys(facts: Facts) -> set[str]:
    numbers = facts.get("numbers") or {}
    named = f"name {fold(facts['name'])} {fold(facts.get('place') or '')}"
    return {named, *(f"{name} {numbers[name]}" for name in ("siren", "rna") if name in numbers)}


def _found(facts: Facts) -> Organisation | None:
    numbers = facts.get("numbers") or {}
    numbered = organisation_numbered(siren=numbers.get("siren"), rna=numbers.get("rna"))
    return numbered or next(iter(organisations_like(facts["name"], place=facts.get("place"))), None)


def _finder(nature: Nature) -> Callable[[Facts], AlreadyHere | None]:
    def find(facts: Facts) -> AlreadyHere | None:
        found = _found(facts)
        if found is None:
            return None
        where = {"reference": found.reference or ""}
        return AlreadyHere(found.id, "organisations.organisation", where, complete=nature not in found.natures)

    return find


def _check(facts: Facts) -> None:
    read_place(facts.get("postcode"), facts.get("place"))


def _declared(kind: ExchangeKind, nature: Nature, icon: str, title: object, about: object) -> RowKind:
    def store(actor: Actor, facts: Facts, _choices: Facts) -> None:
        enter_organisation(actor, natures=[nature], **facts)

    def complete(actor: Actor, number: int, _facts: Facts) -> None:
        take_as(actor, db.session.get_one(Organisation, number), nature)

    return RowKind(
        kind=kind,
        icon=icon,
        title=title,
        about=about,
        permission=Permission.DIRECTORY_WRITE,
        schema=OrganisationRow,
        headings=HEADINGS,
        one_of=(frozenset({"name"}),),
        keys=_keys,
        find=_finder(nature),
        store=store,
        complete=complete,
        check=_check,
        endpoint="organisations.organisation_list",
    )


PARTNERS = _declared(
    ExchangeKind.PARTNERS, Nature.PARTNER, "building-2", _l("Structures partenaires"), _l("Celles qui orientent des familles vers vous.")
)
DONORS = _declared(ExchangeKind.DONORS, Nature.DONOR, "gift", _l("Donateurs"), _l("Entreprises et collectivités qui donnent du matériel."))
