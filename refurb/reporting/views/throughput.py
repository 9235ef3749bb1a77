"""The figures of the workshop: by month, by step, by donation, each with its definition, and as files for a spreadsheet."""

from typing import Any

from flask_babel import format_date
from werkzeug.wrappers import Response

from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, NotFound
from refurb.kernel.speech.words import _, _l, _lp, _n
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.kernel.web.search import page_number
from refurb.reporting.charts import bar_chart
from refurb.reporting.queries.throughput import DAY_SECONDS, FATES, all_together, months, steps, yields, yields_shown
from refurb.reporting.views.blueprint import blueprint
from refurb.spreadsheets.sheet import SheetFile, exported

P = Permission

HOUR_SECONDS = 3_600
TWO_DAYS = 2 * DAY_SECONDS

COUNTS = {
    "received": (_l("Reçues"), "package"),
    "erased": (_l("Effacées"), "shield-check"),
    "ready": (_l("Déclarées prêtes"), "circle-check"),
    "handed_over": (_l("Remises"), "hand-heart"),
}
FATE_WORDS = {
    "at_work": _lp("device", "À l'atelier"),
    "ready": _l("Prêtes ou promises"),
    "handed_over": _l("Chez un foyer"),
    "in_pool": _lp("device", "Au prêt"),
    "parts": _lp("device", "Pour pièces"),
    "waste": _lp("device", "Au rebut"),
    "gone": _l("Refusées ou perdues"),
}


def lasting(seconds: int) -> str:
    """A time in the workshop as people say it: hours up to two days, then days."""
    if seconds < HOUR_SECONDS:
        return _("moins d'une heure")
    if seconds < TWO_DAYS:
        hours = round(seconds / HOUR_SECONDS)
        return _n("%(num)s heure", "%(num)s heures", hours)
    days = round(seconds / DAY_SECONDS)
    return _n("%(num)s jour", "%(num)s jours", days)


def share(part: int, whole: int) -> str:
    """A share in whole per cent; of nothing, none."""
    return _("%(share)s %%", share=round(100 * part / whole)) if whole else "–"


@blueprint.get("/chiffres/atelier")
@requires(P.REPORT_EXACT, P.DEVICE_WORK)
def throughput(actor: Actor) -> Response:
    """The figures on one page; donations are named to whoever may read them."""
    by_month = months()
    labels = [format_date(month.first, "LLLLL") for month in by_month]
    found = yields_shown(page_number()) if actor.may(P.DONATION_READ) else None
    return page(
        "reporting/throughput.html",
        counted_at=now(),
        months=by_month,
        names=[format_date(month.first, "LLLL y") for month in by_month],
        charts=[bar_chart(str(word), icon, [getattr(month, name) for month in by_month], labels) for name, (word, icon) in COUNTS.items()],
        counts=COUNTS,
        steps=steps(),
        looks=device_machine.looks,
        lasting=lasting,
        share=share,
        together=all_together(),
        fates=FATE_WORDS,
        found=found,
    )


@exported(blueprint, "/chiffres/atelier/<what>", P.REPORT_EXACT, P.DEVICE_WORK)
def throughput_file(actor: Actor, what: str) -> SheetFile:
    """One of the tables, for a spreadsheet: mois, etapes or dons."""
    if what not in _FILES:
        raise NotFound
    if what == "dons" and not actor.may(P.DONATION_READ):
        raise Forbidden(permission=P.DONATION_READ.value)
    head, rows = _FILES[what]()
    return SheetFile(f"atelier-{what}", [(each, 18) for each in head], rows)


def _months_file() -> tuple[list[str], list[list[Any]]]:
    head = [_("Mois"), *(str(word) for word, _icon in COUNTS.values())]
    return head, [[f"{each.first:%Y-%m}", *(getattr(each, name) for name in COUNTS)] for each in months()]


def _steps_file() -> tuple[list[str], list[list[Any]]]:
    head = [_("Étape"), _("Passages"), _("Médiane (heures)"), _("9 sur 10 en moins de (heures)")]
    return head, [
        [str(device_machine.looks[each.state].word), each.count, round(each.median / HOUR_SECONDS), round(each.ninth / HOUR_SECONDS)]
        for each in steps()
    ]


def _yields_file() -> tuple[list[str], list[list[Any]]]:
    head = [_("Don"), _("Donateur"), _("Reçu le"), _("Machines"), *(str(word) for word in FATE_WORDS.values()), _("Réemploi (%)")]
    return head, [
        [
            row.reference,
            row.donor,
            row.received_on,
            row.total,
            *(row.fates[name] for name in FATES),
            round(100 * row.kept / row.total),
        ]
        for row in yields()
    ]


_FILES = {"mois": _months_file, "etapes": _steps_file, "dons": _yields_file}
