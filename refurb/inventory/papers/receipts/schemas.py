"""What comes in about the value of a gift."""

from marshmallow import Schema

from refurb.inventory.papers.receipts.words import METHODS, Method
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, File, LongText, Text, Word
from refurb.kernel.web.money import Euros


class CompanyValue(Schema):
    """What a company declares of its own gift, in a letter that is kept."""

    euros = Euros(
        _l("Valeur déclarée par l'entreprise, en euros"), required=True, attribute="cents",
        help=_l("Telle que sa lettre la dit. Un matériel entièrement amorti vaut souvent 0 € : aucun reçu n'est alors utile."),
    )  # fmt: skip
    method = Word(Method, _l("Méthode que la lettre indique"), labels=METHODS, required=True)
    donor_form = Text(_l("Forme juridique de l'entreprise"), help=_l("SAS, SARL, SA, société coopérative…"), required=True, max=80)
    told_on = Date(_l("Date de la lettre"), required=True)
    file = File(
        _l("La lettre de l'entreprise"), attrs={"accept": ".pdf,application/pdf,image/*"}, help=_l("Un PDF ou une photo : 10 Mo au plus."),
    )  # fmt: skip


class PersonValue(Schema):
    """What whoever receives has found the gift of a private person to be worth."""

    euros = Euros(
        _l("Valeur vénale que vous avez vérifiée, en euros"), required=True, attribute="cents",
        help=_l("Ce que le matériel se vendrait d'occasion au jour du don. Le prix que vous auriez payé n'est pas une base."),
    )  # fmt: skip
    basis = LongText(
        _l("Sur quelle base"), help=_l("Par exemple : trois annonces du même modèle, relevées ce jour-là. Ce texte paraît sur le reçu."),
        required=True, max=300,
    )  # fmt: skip
    told_on = Date(_l("Vérifiée le"), required=True)
