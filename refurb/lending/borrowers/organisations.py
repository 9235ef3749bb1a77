"""What the page of an organisation is told of loans: what is still out."""

from refurb.directory.models import Organisation
from refurb.kernel.speech.words import _n
from refurb.lending.borrowers.queries import things_out_for


def open_loans(organisation: Organisation) -> list[str]:
    """How many things are out for an organisation, in words."""
    out = things_out_for(organisation)
    return [_n("%(num)s matériel emprunté", "%(num)s matériels empruntés", out)] if out else []
