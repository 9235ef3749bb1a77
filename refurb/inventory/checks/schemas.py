"""What comes in about checks besides the answers, whose form is the checklist itself."""

from marshmallow import Schema

from refurb.kernel.web.fields import Number, Text


class ToConfirm(Schema):
    """The question whose answer a second person confirms."""

    question = Text(required=True, max=48)


class ToTakeBack(Schema):
    """The event that told the answers to take back: its place in the history of the device; the last one of its kind where none is told."""

    position = Number(min=1)
