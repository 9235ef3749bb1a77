"""What comes in about activity sheets."""

from marshmallow import Schema, fields

from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import File, LongText, Many, Number, Pick, Text, Word
from refurb.lending.sheets.words import LICENCES, Licence


class SheetFacts(Schema):
    """One sheet: a PDF, or the text of a page."""

    title = Text(_lp("sheet", "Titre"), required=True, max=160)
    public = Text(_l("Pour qui"), max=80, help=_l("Par exemple : « 8 à 10 ans, sans lecture »"))
    minutes = Number(_l("Durée, en minutes"), min=1, max=1440)
    author = Text(_l("Auteur ou autrice"), required=True, max=160, help=_l("Une personne ou une structure, comme elle veut être nommée."))
    licence = Word(Licence, _lp("sheet", "Licence"), labels=LICENCES, required=True, help=_l("Ce que les autres ont le droit d'en faire."))
    organisation_id = Pick(_l("Partagée par"), sometimes=True)
    products = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Avec quel matériel ?"), load_default=list)
    file = File(_l("Le PDF"), attrs={"accept": ".pdf,application/pdf"}, help=_l("10 Mo au plus. Ou écrivez la fiche ci-dessous."))
    text = LongText(_l("Le texte de la fiche"), max=8000, help=_l("Une ligne vide sépare les paragraphes."))
