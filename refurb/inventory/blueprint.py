"""The blueprints of the inventory, for pages and for JSON; the views and doors of each room hang their routes here."""

from flask import Blueprint

from refurb.kernel.web.api import api_blueprint

blueprint = Blueprint("inventory", __name__)
api = api_blueprint("inventory", "Donations and devices")
