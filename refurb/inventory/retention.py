"""What the workshop keeps about people: who did what to a machine, as long as the machine has a history."""

from refurb.kernel.deeds.terms import Kept
from refurb.kernel.speech.words import _l

KEPT = (
    Kept(
        key="inventory.history",
        who=_l("Personne de l'équipe"),
        what=_l("qui a fait quoi, et quand : l'historique des machines, des dons et des prêts, par numéro de compte"),
        until=_l("avec l'historique : c'est une preuve, et il ne porte aucun nom"),
        covers=("events", "event_notes", "works"),
    ),
)
