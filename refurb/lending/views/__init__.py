"""What lending has on the web: the counter, what is lent, who borrows, what is out."""

from refurb.lending.views import borrowers, counter, items, loans, reservations
from refurb.lending.views.blueprint import blueprint

__all__ = ["blueprint", "borrowers", "counter", "items", "loans", "reservations"]
