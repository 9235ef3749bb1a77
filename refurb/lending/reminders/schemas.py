"""What comes in by a borrower's own link."""

from marshmallow import Schema

from refurb.kernel.web.fields import Date


class KeptUntil(Schema):
    """Until when something is kept, as the page showed it when the button was pressed."""

    until = Date(required=True, future=True, widget="hidden")
