"""What was agreed with the partners of the demonstration, who is reached there, and an organisation that was entered twice."""

from datetime import timedelta
from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.organisations.actions.contacts import name_contact
from refurb.directory.organisations.actions.conventions import add_convention
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.directory.organisations.actions.organisations import correct_organisation, enter_organisation
from refurb.directory.organisations.words import ConventionKind, FirstConvention
from refurb.directory.words import Nature, Purpose, Typology
from refurb.kernel.deeds.database import db

# Who they are, where, and who is asked about referrals; all invented.
_RECORDS = {
    "ccas": (Typology.CCAS, "45 rue de la Fiction", "Claire Sauvage", "Travailleuse sociale", "social@ccas.example"),
    "mission": (Typology.MISSION_LOCALE, "30 rue de la Fiction", "Noé Bertaud", "Conseiller", "conseil@mission-locale.example"),
    "couronneries": (
        Typology.MAISON_DE_QUARTIER,
        "2 place de la Fiction",
        "Inaya Fortin",
        "Référente familles",
        "familles@quartiers.example",
    ),
    "bellejouanne": (Typology.MAISON_DE_QUARTIER, "7 allée de la Fiction", None, None, None),
    "montbernage": (Typology.MAISON_DE_QUARTIER, "11 rue de la Fiction", "Solène Ribot", "Direction", "direction@quartiers.example"),
}
# First and last day, counted from today. Without a line: no convention.
_AGREED = {"ccas": (-115, 580), "mission": (-110, 36), "couronneries": (-112, 250)}


def plan_partners(cast: Cast, diary: Diary) -> None:
    """What the coordination writes of the partners, in the weeks after the founding."""
    coordinator = cast.actors["coordinator"]

    def write(key: str) -> None:
        typology, street, name, function, email = _RECORDS[key]
        partner = cast.organisations[key]
        correct_organisation(
            coordinator,
            partner,
            name=partner.name,
            natures=partner.natures,
            is_public_body=partner.is_public_body,
            typology=typology,
            address=street,
            postcode="86000",
            place="Poitiers",
            in_qpv=key in {"couronneries", "bellejouanne"} or None,
            phone=partner.phone,
            email=partner.email,
        )
        if name is not None:
            name_contact(coordinator, partner, name=name, purpose=Purpose.REFERRALS, function=function, email=email)
        if key in _AGREED:
            first, last = (diary.today + timedelta(days=day) for day in _AGREED[key])
            add_convention(coordinator, partner, kind=ConventionKind.PARTNER, starts_on=first, ends_on=last, signed_on=first)

    def begin_others() -> None:
        first, last = diary.today - timedelta(days=100), diary.today - timedelta(days=20)
        enter_organisation(
            coordinator,
            name="Centre socioculturel de la Clouère",
            typology=Typology.SOCIOCULTURAL_CENTRE,
            natures=[Nature.PARTNER, Nature.HOST],
            postcode="86340",
            place="Gizay",
            contact_name="Bastien Lhomme",
            contact_email="accueil@clouere.example",
            convention=FirstConvention.SIGNED,
            starts_on=first,
            ends_on=last,
        )
        enter_organisation(
            coordinator,
            name="Direction de l'éducation, Ville de Poitiers",
            typology=Typology.MUNICIPALITY,
            natures=[Nature.PARTNER],
            postcode="86000",
            convention=FirstConvention.PREPARING,
        )
        enter_organisation(
            coordinator, name="Fonds de solidarité du Poitou", typology=Typology.OTHER, natures=[Nature.FUNDER], postcode="86000"
        )

    def meet_twice() -> None:
        twin = enter_organisation(coordinator, name="MQ Montbernage", natures=[Nature.PARTNER], postcode="86000")
        db.session.flush()
        merge_organisations(coordinator, twin, cast.organisations["montbernage"])

    for key in _RECORDS:
        diary.note(76, "09:10", partial(write, key))
    diary.note(70, "10:40", begin_others)
    diary.note(12, "11:20", meet_twice)
