"""Where the pages of the rota hang."""

from flask import Blueprint

blueprint = Blueprint("rota", __name__)
