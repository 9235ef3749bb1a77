"""What comes in about new equipment that is bought for a hand-over."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Pick, Text
from refurb.kernel.web.money import Euros


class PurchaseTold(Schema):
    """What is bought, for how much, and what of it the person pays."""

    what = Text(
        _l("Quel matériel ?"),
        required=True,
        max=120,
        help=_l("Le produit, jamais pourquoi il en faut un : « Loupe électronique 5 pouces », « Clavier à gros caractères »."),
    )
    euros = Euros(_l("Prix, toutes taxes comprises, en euros"), required=True, attribute="cents")
    share = Euros(
        _l("Part de la personne, en euros"),
        attribute="share_cents",
        sometimes=True,
        help=_l("Rien si elle ne paie rien. La règle « Participation » dit combien au plus."),
    )


class PurchaseAdded(PurchaseTold):
    """The same, and why it is bought."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("Une phrase, sans nom. Elle est gardée avec le vôtre."))


class PurchaseRevised(PurchaseTold):
    """The same, and how far it has come."""

    ordered_on = Date(_l("Commandé le"), sometimes=True)
    received_on = Date(_l("Reçu le"), sometimes=True, help=_l("Ce qui n'est pas reçu retient la remise."))


class PurchasePut(Schema):
    """Which of the things that were bought for somebody else."""

    purchase_id = Pick(_l("Ce qui est déjà acheté"), required=True)


class FunderTold(Schema):
    """Which organisation pays how much of it; nothing takes it off."""

    organisation_id = Pick(_l("Qui finance ?"), required=True)
    paid = Euros(_l("Combien, en euros"), required=True, attribute="cents", help=_l("0 retire ce financeur. Le reste est à nous."))
