"""What comes in about certificates and deposits: the same for the pages and for the API."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, File, Text, Tick, Word
from refurb.kernel.web.money import Euros
from refurb.lending.guarantees.words import CERTIFICATE_KINDS, DEPOSIT_KINDS, CertificateKind, DepositKind


class CertificateTold(Schema):
    """What somebody shows before things go out."""

    kind = Word(CertificateKind, _l("Ce qui est présenté"), labels=CERTIFICATE_KINDS, widget="radio", required=True)
    category = Text(_l("Formation à quelle catégorie de matériel ?"), max=32, widget="select", help=_l("Pour une formation seulement."))
    said = Text(_l("Par qui"), max=160, help=_l("L'assureur et le numéro du contrat, ou qui a formé."), attrs={"autocomplete": "off"})
    valid_on = Date(_l("Valable depuis le"), future=True, required=True, help=_l("Un jour à venir pour celle de l'an prochain."))
    until_on = Date(_l("Valable jusqu'au"), future=True, help=_l("Une assurance a toujours une fin ; une formation peut n'en pas avoir."))
    for_organisation = Tick(_l("Vaut pour toute la structure, quelle que soit la personne qui emprunte pour elle"))


class CertificateSent(CertificateTold):
    """The same with its PDF, or a photo of it, on the page."""

    file = File(
        _l("Le document, en PDF ou en photo"),
        help=_l("10 Mo au plus. De la photo, ni le lieu ni l'appareil ne sont gardés."),
        attrs={"accept": ".pdf,application/pdf,image/jpeg,image/png"},
    )


class DepositTold(Schema):
    """What somebody leaves, though nobody asks for it. Never the number of a card."""

    kind = Word(
        DepositKind, _l("Ce qui est laissé"), labels=DEPOSIT_KINDS, widget="radio", required=True,
        help=_l("Un chèque ne se garde sans être encaissé que pour un prêt court, de quelques jours : au-delà, voyez avec la régie."),
    )  # fmt: skip
    amount = Euros(_l("Montant, en euros"), attribute="cents")
    regie = Text(
        _l("Régie qui l'encaisse ou le garde"), max=50,
        help=_l("Un chèque ou des espèces demandent une régie autorisée à les recevoir. Jamais de numéro de carte."),
    )  # fmt: skip
    left_on = Date(_l("Laissé le"), required=True)


class DepositBack(Schema):
    """When it was given back."""

    given_back_on = Date(_lp("deposit", "Rendu le"), required=True)
