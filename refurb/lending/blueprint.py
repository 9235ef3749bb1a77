"""The one blueprint of the lending pages; each file beside it hangs its routes here."""

from flask import Blueprint

blueprint = Blueprint("lending", __name__)
