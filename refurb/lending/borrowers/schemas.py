"""What comes in about who borrows: the same for the pages and for the API."""

from marshmallow import Schema

from refurb.documents.fields import PersonName
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Email, Phone, Pick, Tick

_MOST = 2**31 - 1


class NewBorrower(Schema):
    """Who borrows: an adult, for oneself, for a child or for an organisation."""

    name = PersonName(_l("Nom et prénom"), required=True, max=160, attrs={"autocomplete": "off"})
    organisation_id = Pick(_l("Emprunte pour une structure"), help=_l("Une école, une association, un service."))
    phone = Phone(_l("Téléphone"), help=_l("Le téléphone ou l'adresse de courriel : l'un des deux suffit."))
    email = Email(_l("Adresse de courriel"))
    anyway = Tick(_l("C'est une autre personne : créer quand même une carte"))
    is_adult = Tick(_l("Cette personne est majeure. Pour un enfant, c'est le parent ou le responsable légal qui emprunte."), must=True)


class BorrowerFacts(Schema):
    """Who somebody is, and how to reach them."""

    name = PersonName(_l("Nom et prénom"), required=True, max=160, attrs={"autocomplete": "off"})
    organisation_id = Pick(_l("Emprunte pour une structure"))
    phone = Phone(_l("Téléphone"), help=_l("Le téléphone ou l'adresse de courriel : l'un des deux suffit."))
    email = Email(_l("Adresse de courriel"))
