"""The page of what families answered, in numbers, and its table."""

from collections.abc import Iterator

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.organisations.shown import last_year_told
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.words import _, _lp
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.followup.figures import StageFigures, stages_in
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
FIRST_YEAR = 2020


def _year(actor: Actor) -> int:
    asked, last = request.args.get("annee", ""), last_year_told(actor)
    return min(max(int(asked), FIRST_YEAR), last) if len(asked) == 4 and asked.isdecimal() else last


def _stages(actor: Actor) -> list[StageFigures]:
    return stages_in(_year(actor), as_it_ended=not actor.may(P.REPORT_EXACT))


@blueprint.get("/suivi/chiffres")
@requires(P.REPORT_READ)
def news_figures(actor: Actor) -> Response:
    """Each stage of a year: how many were asked, how many answered, and what; outside, of years that are over."""
    last = last_year_told(actor)
    return page("referrals/followup/figures.html", stages=_stages(actor), year=_year(actor), years=range(last, FIRST_YEAR, -1),
                is_exact=actor.may(P.REPORT_EXACT))  # fmt: skip


_COLUMNS = (
    SheetColumn(_lp("news", "Étape, en jours"), lambda row: row[0], 14),
    SheetColumn(_lp("news", "Demandées"), lambda row: row[1], 14),
    SheetColumn(_lp("news", "Ont répondu"), lambda row: row[2], 14),
    SheetColumn(_lp("news", "Question"), lambda row: row[3], 30),
    SheetColumn(_lp("news", "Réponse"), lambda row: row[4], 44),
    SheetColumn(_lp("news", "Familles"), lambda row: row[5], 20),
)


def _rows(stages: list[StageFigures]) -> Iterator[tuple[object, ...]]:
    for each in stages:
        told = each.stage, each.told_asked, each.told_answered
        asked = (
            (_("Marche-t-il toujours ?"), each.works), (_("À quoi sert-il ?"), each.uses), (_("Aide-t-il ?"), each.helps),
            (_("Besoin suivant"), each.needs),
        )  # fmt: skip
        yield from ((*told, question, word, count) for question, rows in asked for word, count in rows)


@exported(blueprint, "/suivi/chiffres", P.REPORT_READ)
def news_figures_file(actor: Actor) -> SheetFile:
    """The same figures as a table: nothing in it that the page does not tell."""
    return SheetFile.of("nouvelles-chiffres", _COLUMNS, _rows(_stages(actor)))
