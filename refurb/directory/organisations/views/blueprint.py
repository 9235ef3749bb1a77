"""What the pages of organisations hang on."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
