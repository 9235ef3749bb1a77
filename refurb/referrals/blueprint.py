"""The one blueprint of the referrals' pages; each file beside it hangs its routes here."""

from flask import Blueprint

blueprint = Blueprint("referrals", __name__)
