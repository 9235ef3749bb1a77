"""What comes in about the links by which people without an account refer."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Pick, Text


class LinkGiven(Schema):
    """For whom a link is."""

    partner_id = Pick(_l("Structure"), sometimes=True)
    holder = Text(
        _l("Pour qui ?"),
        required=True,
        max=120,
        help=_l("Par exemple « Secrétariat de mairie de Charroux ». Ce lien est pour cette personne : ne le publiez pas."),
    )
