"""What is kept of visits is about nobody; what of whoever counted."""

from refurb.kernel.deeds.terms import Kept
from refurb.kernel.speech.words import _l

KEPT = (
    Kept(
        key="visits",
        who=_l("Personne qui vient à un lieu ou à un arrêt, comptée sans son nom"),
        what=_l("jour, lieu, motifs, tranche d'âge, situation, genre ; ni nom, ni téléphone, ni note. L'heure est effacée le lendemain"),
        until=_l("avec les chiffres : aucun nom n'y est. Un avis n'est qu'un nombre, par lieu et par mois"),
        covers=("visits", "visit_reasons", "opinion_counts"),
    ),
)
