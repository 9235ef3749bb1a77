"""The one blueprint of the inventory's pages; each file beside it hangs its routes here."""

from flask import Blueprint

blueprint = Blueprint("inventory", __name__)
