"""What comes in about donations."""

from typing import Any

from marshmallow import Schema

from refurb.directory.sites.schemas import SitePick
from refurb.documents.models import PaperKind
from refurb.documents.schemas import ReplacementTold
from refurb.documents.words import PAPER_KINDS
from refurb.inventory.donations.schemas.counts import MOST_OF_A_KIND
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import ACT_KINDS, LEGAL_ORIGINS, ActKind, LegalOrigin
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Email, LongText, Number, Phone, Pick, Siren, Text, Tick, Word


class NewDonation(Schema):
    """A donation that is announced, by a donor of the directory or a new one."""

    donor_id = Pick(_l("Donateur déjà connu"), sometimes=True)
    donor_name = Text(_l("Nom du nouveau donateur"), sometimes=True, attrs={"autocomplete": "organization"})
    donor_siren = Siren(_l("SIREN"), help=_l("Neuf chiffres ; demandé pour une entreprise."), max=20)
    contact_name = Text(_l("Personne à contacter"), max=160, attrs={"autocomplete": "off"})
    contact_email = Email(_l("Son adresse de courriel"), help=_l("Pour lui envoyer ses attestations."), attrs={"autocomplete": "off"})
    legal_origin = Word(LegalOrigin, _l("Origine juridique"), labels=LEGAL_ORIGINS, required=True)
    announced_on = Date(_l("Annoncé le"))
    site_id = SitePick(_l("Où il arrive"))
    announced_laptop = Number(DEVICE_KINDS[DeviceKind.LAPTOP], max=MOST_OF_A_KIND, sometimes=True)
    announced_desktop = Number(DEVICE_KINDS[DeviceKind.DESKTOP], max=MOST_OF_A_KIND, sometimes=True)
    announced_tablet = Number(DEVICE_KINDS[DeviceKind.TABLET], max=MOST_OF_A_KIND, sometimes=True)
    announced_smartphone = Number(DEVICE_KINDS[DeviceKind.SMARTPHONE], max=MOST_OF_A_KIND, sometimes=True)
    announced_monitor = Number(DEVICE_KINDS[DeviceKind.MONITOR], max=MOST_OF_A_KIND, sometimes=True)
    announced_printer = Number(DEVICE_KINDS[DeviceKind.PRINTER], max=MOST_OF_A_KIND, sometimes=True)
    announced_other = Number(DEVICE_KINDS[DeviceKind.OTHER], max=MOST_OF_A_KIND, sometimes=True)
    note = LongText(_l("Ce que le donateur a précisé"), help=_l("État, accessoires, contraintes d'enlèvement. Pas de donnée personnelle."))
    accepted_by_act = Text(
        _l("Acte d'acceptation"), help=_l("Délibération ou décision. Il peut être indiqué plus tard, avant de clore le don.")
    )
    accepted_on = Date(_l("Date de l'acte"))


def announced_lines(told: dict[str, Any]) -> dict[DeviceKind, int]:
    """Take the announced numbers out of what `NewDonation` loaded."""
    return {kind: told.pop(f"announced_{kind}") or 0 for kind in DeviceKind}


class DonorDetails(Schema):
    """Who gives, and how they are reached."""

    donor_name = Text(_l("Nom du donateur"), required=True, max=200, attrs={"autocomplete": "off"})
    donor_address = Text(_l("Adresse"), help=_l("Elle figure sur les documents établis ensuite."), max=300, attrs={"autocomplete": "off"})
    donor_place = Text(_l("Commune du donateur"), max=120, attrs={"autocomplete": "off"})
    contact_name = Text(_l("Personne à contacter"), max=160, attrs={"autocomplete": "off"})
    contact_email = Email(_l("Son adresse de courriel"), help=_l("Pour lui envoyer ses attestations."), attrs={"autocomplete": "off"})
    contact_phone = Phone(_l("Son téléphone"), attrs={"autocomplete": "off"})
    donor_is_person = Tick(_l("C'est un particulier : on ne le voit qu'avec ses dons"))


class NewContact(Schema):
    """Whom to write to from now on, as the contact of before says it by the link."""

    contact_name = Text(_l("Nom du nouveau contact"), required=True, max=160, attrs={"autocomplete": "off"})
    contact_email = Email(_l("Son adresse de courriel"), required=True, attrs={"autocomplete": "off"})


class Acceptance(Schema):
    """The act by which a public body accepts a gift."""

    accepted_by_act = Text(_l("Acte d'acceptation"), help=_l("Par exemple : décision du maire n° 2026-118."), required=True)
    accepted_on = Date(_l("Date de l'acte"), required=True)
    act_kind = Word(ActKind, _l("Nature de l'acte"), labels=ACT_KINDS, widget="radio")
    with_conditions = Tick(_l("Le don est assorti de conditions ou de charges"))


class NewPaper(ReplacementTold):
    """Which attestation to issue: AD for the gift, AE for the erasures; and why it replaces the one in force, if it does."""

    kind = Word(PaperKind, _l("Attestation"), required=True, labels=PAPER_KINDS)
