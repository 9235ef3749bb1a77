"""The blueprint on which every page of visits hangs."""

from flask import Blueprint

blueprint = Blueprint("visits", __name__)
