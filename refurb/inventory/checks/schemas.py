"""What comes in about checks besides the answers, whose form is the checklist itself."""

from marshmallow import Schema

from refurb.kernel.web.fields import Text


class ToConfirm(Schema):
    """The question whose answer a second person confirms."""

    question = Text(required=True, max=48)
