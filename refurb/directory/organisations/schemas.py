"""What comes in about organisations, their contacts and their conventions."""

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from refurb.directory.organisations.fields import InseeNumbers, OrganisationNumbers, PostalCode, Rna
from refurb.directory.organisations.words import (
    CONVENTION_KINDS,
    FIRST_CONVENTIONS,
    FIRST_MEANS,
    TRISTATES,
    ConventionKind,
    FirstConvention,
    Tristate,
)
from refurb.directory.words import NATURES, PURPOSES, TYPOLOGIES, Nature, Purpose, Typology
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, File, LongText, Many, Phone, Text, Tick, Word

_UNSEEN: dict[str, Any] = {"autocomplete": "off"}
_NAME, _TYPE, _NATURES = _lp("organisation", "Nom"), _lp("organisation", "Type"), _l("Ce qu'elle est pour nous")


class _TypeWord(Word):
    """A word among those offered, or none."""

    def __init__(self, *told: Any, offered: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*told, **options)
        self.metadata = {**self.metadata, "choices": lambda: offered}


def _natures() -> Many:
    choices = [(each.value, NATURES[each]) for each in Nature]
    return Many(Word(Nature, labels=NATURES), _NATURES, choices=lambda: choices, sometimes=True, load_default=list)


def _typology() -> Word:
    choices = [("", _l("Non précisé")), *((each.value, TYPOLOGIES[each]) for each in Typology)]
    return _TypeWord(Typology, _TYPE, labels=TYPOLOGIES, offered=choices)


class _FirstWord(Word):
    """Where the first convention stands, each answer with what it means."""

    def __init__(self, *told: Any, **options: Any) -> None:
        super().__init__(*told, **options)
        self.metadata = {**self.metadata, "choices": lambda: [(each, word, FIRST_MEANS[each]) for each, word in FIRST_CONVENTIONS.items()]}


class NewOrganisation(Schema):
    """An organisation that is added, with who is reached there and what was agreed."""

    name = Text(_NAME, required=True, max=200, attrs=_UNSEEN)
    typology = _typology()
    postcode = PostalCode(_lp("address", "Code postal"), max=10)
    place = Text(_lp("address", "Commune"), max=120, attrs=_UNSEEN)
    numbers = OrganisationNumbers(_l("SIRET, SIREN ou RNA"), max=30, attrs=_UNSEEN)
    natures = _natures()
    contact_name = Text(_l("Prénom et nom"), max=160, attrs=_UNSEEN)
    contact_email = Email(_l("Adresse de courriel professionnelle"), attrs=_UNSEEN)
    contact_phone = Phone(_l("Téléphone"), attrs=_UNSEEN)
    convention = _FirstWord(
        FirstConvention, _l("Où en est-elle ?"), labels=FIRST_CONVENTIONS, widget="radio", load_default=FirstConvention.NONE, sometimes=True
    )
    starts_on = Date(_lp("convention", "Du"), future=True, sometimes=True)
    ends_on = Date(_lp("convention", "Au"), future=True, sometimes=True)
    signed_on = Date(_lp("convention", "Signée le"))
    anyway = Tick(_l("C'est bien une autre structure du même nom"))

    @validates_schema(skip_on_field_errors=False)
    def is_dated(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be signed has its days."""
        if facts.get("convention") is FirstConvention.SIGNED and "starts_on" in facts and facts["starts_on"] is None:
            raise ValidationError([Fault("convention.first_day_needed")], "starts_on")

    @post_load
    def keep_no_dates(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Dates of a convention that does not exist are none."""
        if facts.get("convention") is FirstConvention.NONE:
            facts["starts_on"] = facts["ends_on"] = facts["signed_on"] = None
        return facts


class OrganisationFacts(Schema):
    """What is written of an organisation."""

    name = Text(_NAME, required=True, max=200, attrs=_UNSEEN)
    typology = _typology()
    natures = _natures()
    is_public_body = Tick(_l("C'est une personne publique (commune, CCAS, établissement public)"))
    siret = InseeNumbers(_l("SIRET ou SIREN"), max=30, attrs=_UNSEEN)
    rna = Rna(_l("Numéro RNA"), help=_l("Pour une association : W et neuf signes."), max=20, attrs=_UNSEEN)
    address = LongText(
        _lp("address", "Adresse"), max=300, attrs={"rows": 3}, help=_l("Bâtiment, voie, lieu-dit ; sans le code postal ni la commune.")
    )
    postcode = PostalCode(_lp("address", "Code postal"), max=10)
    place = Text(_lp("address", "Commune"), max=120, attrs=_UNSEEN)
    in_qpv = Word(
        Tristate,
        _l("En quartier prioritaire (QPV) ?"),
        labels=TRISTATES,
        widget="radio",
        load_default=Tristate.UNKNOWN,
        help=_l("Se vérifie sur sig.ville.gouv.fr ; jamais déduit de l'adresse."),
    )
    phone = Phone(_l("Téléphone"), attrs=_UNSEEN)
    email = Email(_l("Adresse de courriel"), attrs=_UNSEEN)

    @post_load
    def say_what_is_known(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Yes, no, or nothing where nobody has said."""
        facts["in_qpv"] = {Tristate.YES: True, Tristate.NO: False}.get(facts["in_qpv"])
        return facts


class ContactFacts(Schema):
    """Somebody to write to."""

    name = Text(_l("Prénom et nom, ou service"), required=True, max=160, attrs=_UNSEEN)
    function = Text(_lp("contact", "Fonction"), max=120, attrs=_UNSEEN)
    purpose = Word(Purpose, _l("On la contacte pour"), labels=PURPOSES, load_default=Purpose.GENERAL)
    email = Email(_l("Adresse de courriel"), attrs=_UNSEEN)
    phone = Phone(_l("Téléphone"), attrs=_UNSEEN)


class ConventionFacts(Schema):
    """What a convention is about, and its days."""

    kind = Word(ConventionKind, _lp("convention", "Objet"), labels=CONVENTION_KINDS, required=True)
    starts_on = Date(_lp("convention", "Du"), future=True, sometimes=True)
    ends_on = Date(_lp("convention", "Au"), future=True, help=_l("Vide : sans fin prévue. Une fin plus tôt que prévu s'écrit ici."))
    signed_on = Date(_lp("convention", "Signée le"), help=_l("Vide : elle est en préparation."))
    file = File(
        _l("L'exemplaire signé"), attrs={"accept": ".pdf,application/pdf"}, help=_l("Un PDF, numérisé ou signé à l'écran : 10 Mo au plus.")
    )  # fmt: skip


class CopyTakenOff(Schema):
    """Why the signed copy of a convention goes."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True, help=_l("Par exemple : celle d'une autre structure."))


class Voided(Schema):
    """Why a convention counts for nothing."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class MergedInto(Schema):
    """The reference of the record that stands."""

    into = Text(_l("Référence de la fiche à garder"), required=True, max=20, attrs=_UNSEEN, help=_l("Par exemple ST-2026-0004."))
    sure = Tick(_l("C'est une seule et même structure"), must=True)


class Parted(Schema):
    """That two records that were merged are two again."""

    sure = Tick(_l("Ce sont bien deux structures"), must=True)
