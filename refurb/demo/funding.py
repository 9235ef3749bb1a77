"""Who pays for the demonstration's territory, and what three years cost: an adviser's post of which the State pays less each year."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.organisations.actions.organisations import enter_organisation
from refurb.directory.words import Nature, Typology
from refurb.funding.actions import note_cost, note_grant
from refurb.funding.words import Activity, CostKind

POST, WORKSHOP = "Poste de conseiller", "Atelier de reconditionnement"
RATES = (80, 70, 50)
POST_COST = 3_800_000
"""In cents, each of the three years."""
COSTS = (
    ("Poste de conseiller", CostKind.STAFF, Activity.VISITS, (3_800_000, 3_800_000, 3_800_000)),
    ("Carburant et entretien des bus", CostKind.TRAVEL, Activity.VISITS, (612_000, 655_000, 690_000)),
    ("Pièces et disques", CostKind.EQUIPMENT, Activity.COMPUTERS, (318_000, 342_000, 365_000)),
    ("Atelier, loyer et énergie", CostKind.PREMISES, Activity.COMPUTERS, (760_000, 782_000, 801_000)),
    ("Assurance du matériel prêté", CostKind.SERVICES, Activity.LOANS, (94_000, 98_000, 103_000)),
)


def plan_funding(cast: Cast, diary: Diary) -> None:
    """Note in the diary when the coordination notes it all."""
    diary.note(9, "16:20", partial(_funding, cast, diary.today.year))


def _funding(cast: Cast, year: int) -> None:
    coordinator = cast.actors["coordinator"]
    state = enter_organisation(
        coordinator, name="Banque des Territoires", typology=Typology.OTHER, natures=[Nature.FUNDER], postcode="86000", place="Poitiers"
    )
    council = enter_organisation(
        coordinator, name="Département de la Vienne", typology=Typology.OTHER, natures=[Nature.FUNDER], postcode="86000", place="Poitiers"
    )
    for back, rate in enumerate(RATES):
        of = year - len(RATES) + 1 + back
        note_grant(coordinator, funder_id=state.id, year=of, purpose=POST, rate=rate, amount_cents=POST_COST * rate // 100)
        note_grant(coordinator, funder_id=council.id, year=of, purpose=WORKSHOP, rate=None, amount_cents=950_000 + 100_000 * back)
        for label, kind, activity, cents in COSTS:
            note_cost(coordinator, year=of, label=label, kind=kind, activity=activity, amount_cents=cents[back])
