"""The blueprint that the JSON doors of the workshop register on."""

from refurb.kernel.api import api_blueprint

api = api_blueprint("inventory", "Donations and devices")
