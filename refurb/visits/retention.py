"""What is kept of visits: about nobody who came, and of whoever counted that she did."""

from refurb.kernel.deeds.terms import Kept
from refurb.kernel.speech.words import _l

KEPT = (
    Kept(
        key="visits",
        who=_l("Personne qui vient à un lieu ou à un arrêt, comptée sans son nom"),
        what=_l(
            "jour, lieu, motifs, tranche d'âge, situation, genre, première fois, comment le lieu est connu, orientation, et qui a compté ; "
            "ni nom, ni téléphone, ni note. L'heure est effacée le lendemain ; la clé qui empêche de compter deux fois la garde un jour"
        ),
        until=_l("avec les chiffres : aucun nom n'y est. Un avis n'est qu'un nombre, par lieu et par mois"),
        covers=("visits", "visit_reasons", "opinion_counts"),
    ),
)
