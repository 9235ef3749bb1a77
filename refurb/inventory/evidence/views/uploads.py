"""The files that a request brings: several in a form, or one as the whole body."""

from pathlib import PureWindowsPath

from flask import request

from refurb.inventory.evidence.actions.reports import Upload
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.signs import clean


def sent_files(field: str) -> list[Upload]:
    """The files chosen in a field of a form."""
    return [Upload(_name(each.filename), each.read()) for each in request.files.getlist(field) if each.filename]


def sent_file(field: str) -> Upload:
    """The one file of a field, or `Invalid` when none was chosen."""
    found = sent_files(field)
    if not found:
        raise Invalid({field: [Fault("upload.none_chosen")]})
    return found[0]


def sent_bodies() -> list[Upload]:
    """What a tool sent: the files of a multipart body whatever their fields are called, or the body itself (`?filename=` names it)."""
    if request.mimetype == "multipart/form-data":
        return [Upload(_name(each.filename), each.read()) for _, each in request.files.items(multi=True)]
    return [Upload(_name(request.args.get("filename")), request.get_data(cache=True))]


def _name(typed: str | None) -> str:
    """What the file was called where it came from, without its folders; only ever shown, never used as a path."""
    return clean(PureWindowsPath(typed or "").name, lines=False)[:200] or "rapport"
