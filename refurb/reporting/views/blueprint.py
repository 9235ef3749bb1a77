"""The one blueprint of what is only read; each file beside it hangs its routes here."""

from flask import Blueprint

blueprint = Blueprint("reporting", __name__)
