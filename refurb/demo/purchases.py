"""The new equipment that the demonstration buys: given, on its way with who pays, and ordered for somebody who is not given it."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.organisations.actions.organisations import enter_organisation
from refurb.directory.words import Nature, Typology
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.lines import open_lines, purchases_of
from refurb.referrals.cases.purchases import add_purchase, fund_purchase, revise_purchase

FUND = "fonds d'aide"


def plan_purchases(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is bought, ordered, received."""
    diary.note(29, "11:10", partial(_enter_fund, cast))
    diary.note(29, "11:20", partial(_buy, cast, "desk-2", "Clavier à gros caractères", 8_990, 6_000))
    diary.note(27, "10:15", partial(_receive, cast, "desk-2"))
    diary.note(14, "11:30", partial(_buy, cast, "cancelled", "Pavé numérique à grosses touches", 3_450, 0))
    diary.note(4, "14:20", partial(_buy, cast, "comes", "Loupe électronique 5 pouces", 32_000, 24_000))


def _enter_fund(cast: Cast) -> None:
    cast.organisations[FUND] = enter_organisation(
        cast.actors["coordinator"], name="Fonds d'aide à l'équipement adapté", typology=Typology.OTHER, natures=[Nature.FUNDER],
        postcode="86000", place="Poitiers",
    )  # fmt: skip


def _buy(cast: Cast, key: str, what: str, cents: int, funded: int) -> None:
    """It is put to a hand-over, its price shared out, and ordered the same day."""
    office, allocation = cast.actors["coordinator"], cast.allocations[key]
    made = add_purchase(
        office, allocation, what=what, cents=cents, share_cents=0, reason="Demandé avec l'orientation : appareil à adapter."
    )
    if funded:
        fund_purchase(office, allocation, made.id, organisation_id=cast.organisations[FUND].id, cents=funded)
    revise_purchase(office, allocation, made.id, what=what, cents=cents, share_cents=0, ordered_on=today())


def _receive(cast: Cast, key: str) -> None:
    office, allocation = cast.actors["coordinator"], cast.allocations[key]
    for each in purchases_of(open_lines(allocation)):
        revise_purchase(
            office, allocation, each.id, what=each.what, cents=each.cents, share_cents=each.share_cents, ordered_on=each.ordered_on,
            received_on=today(),
        )  # fmt: skip
