"""The blueprint on which every page of funding hangs."""

from flask import Blueprint

blueprint = Blueprint("funding", __name__)
