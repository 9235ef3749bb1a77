"""The target check of a device: the panel on its page, and the page that shows every figure with its source."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Standing, device_by_code
from refurb.inventory.models.devices import Device
from refurb.inventory.targets.actions import tell_target
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.policy import Targets, targets
from refurb.inventory.targets.queries import look_answered, target_of
from refurb.inventory.targets.schemas import TargetTold
from refurb.inventory.targets.words import CATEGORIES, COSMETICS, PARTS, FigureOf, Verdict
from refurb.inventory.words.drives import MEDIA, Medium
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, language
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission

VERDICT_LOOKS = {
    Verdict.YES: ("ok", "circle-check"),
    Verdict.NO: ("stop", "circle-x"),
    Verdict.UNKNOWN: ("wait", "circle-help"),
}


@dataclass(frozen=True)
class LineShown:
    """One requirement as the page draws it."""

    label: str
    wanted: str
    found: str
    verdict: Verdict


@dataclass(frozen=True)
class PointsShown:
    """One component of the grade as the page draws it."""

    label: str
    measure: str
    points: int | None
    step: str


@dataclass(frozen=True)
class TargetShown:
    """What a device is worth, in words; `target` is the row, whose verdicts say the whole."""

    target: DeviceTarget
    components: list[PointsShown]
    capped: bool
    drives_capped: bool
    minimum: list[LineShown]
    windows: list[LineShown]
    look: str | None = None

    @property
    def category(self) -> str | None:
        """The category by its word."""
        return None if self.target.category is None else str(CATEGORIES[self.target.category])

    @property
    def cosmetic(self) -> str | None:
        """How it looks, when somebody said it: here, or to the checklist."""
        return self.look if self.target.cosmetic is None else str(COSMETICS[self.target.cosmetic])

    @property
    def unmeasured(self) -> str:
        """The components without which there is no category, by their names, in one line."""
        return ", ".join(_in_a_line(each.label) for each in self.components if each.points is None)

    @staticmethod
    def named(lines: list[LineShown], verdict: str) -> str:
        """The requirements of one verdict, by their names, in one line."""
        return ", ".join(_in_a_line(each.label) for each in lines if each.verdict == verdict)


def _in_a_line(label: str) -> str:
    """A label within a sentence; an abbreviation keeps its capitals."""
    return label.lower() if label[1:2].islower() else label


@blueprint.app_template_global("target_shown")
def target_shown(device: Standing | Device) -> TargetShown | None:
    """What a device is worth as its pages show it; None for one that was not weighed, or of which nothing is asked."""
    target = target_of(device)
    if target is None or not target.weighed:
        return None
    grade: dict[str, Any] = target.weighed.get("grade") or {"components": [], "capped": False, "drives_capped": False}
    shown = TargetShown(
        target=target,
        components=[_points(each) for each in grade["components"]],
        capped=grade["capped"],
        drives_capped=grade["drives_capped"],
        minimum=[_line(each) for each in target.weighed["minimum"]],
        windows=[_line(each) for each in target.weighed["windows_11"]],
        look=look_answered(device) if target.cosmetic is None else None,
    )
    return shown if shown.components or shown.minimum or shown.windows else None


def _points(kept: dict[str, Any]) -> PointsShown:
    part = FigureOf(kept["part"])
    label = str(PARTS[part])
    if kept["medium"] and kept["medium"] != Medium.UNKNOWN:
        label = str(MEDIA[Medium(kept["medium"])])
    below = kept["below"]
    if kept["points"] is None:
        step = ""
    elif below is None:
        step = _("au-dessus du dernier seuil")
    else:
        step = _("moins de %(figure)s", figure=_figure(part, below))
    return PointsShown(label, _measure(part, kept["measure"], kept["estimated"]), kept["points"], step)


def _line(kept: dict[str, Any]) -> LineShown:
    part = FigureOf(kept["part"])
    wanted = kept["wanted"]
    asked = _("au moins %(figure)s", figure=_figure(part, wanted)) if wanted is not None else ""
    found = kept["found"]
    shown = found if isinstance(found, str) else _measure(part, found, kept["estimated"])
    return LineShown(str(PARTS[part]), asked, shown, Verdict(kept["verdict"]))


def _measure(part: FigureOf, measure: float | None, estimated: bool) -> str:  # noqa: FBT001  # as it was stored
    if measure is None:
        return ""
    figure = _figure(part, measure)
    return _("%(figure)s (estimé)", figure=figure) if estimated else figure


def _figure(part: FigureOf, value: float) -> str:
    """A figure with its unit; a year has none, and no thousands are parted in it."""
    french = language() == "fr"
    number = f"{value:g}" if part in {FigureOf.CPU_YEAR, FigureOf.TPM} else f"{int(value):,}".replace(",", "\u202f" if french else ",")
    if part in {FigureOf.RAM, FigureOf.STORAGE}:
        return f"{number}\u202fGo" if french else f"{number} GB"
    if part is FigureOf.BATTERY:
        return f"{number}\u202f%" if french else f"{number}%"
    if part is FigureOf.SCREEN:
        return _("%(figure)s points", figure=number)
    if part is FigureOf.TPM:
        return f"{value:.1f}".replace(".", "," if french else ".")
    return number


@blueprint.route("/appareils/<code>/cible", methods=["GET", "POST"])
@requires(P.DEVICE_READ)
def device_target(actor: Actor, code: str) -> Response:
    """Every figure of a device's worth, with its source; a technician adds what no tool measures."""
    found = device_by_code(actor, code)
    target, look = target_of(found), look_answered(found)
    unsaid = _("Comme aux contrôles : %(look)s", look=look) if look else _("Pas encore dit")
    form = Form(
        TargetTold,
        start={"cosmetic": target and target.cosmetic, "cpu_mark": target and target.cpu_mark},
        choices={"cosmetic": [("", unsaid), *((each.value, word) for each, word in COSMETICS.items())]},
    )
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            tell_target(actor, found, cpu_mark=facts.get("cpu_mark"), cosmetic=facts.get("cosmetic"))
            return go("inventory.device_target", done=_("C'est noté : la catégorie est recalculée."), code=found.code)
        found = device_by_code(actor, code)
    policy: Targets = targets()
    return page(
        "inventory/targets/target.html",
        device=found,
        title=device_title(found),
        shown=target_shown(found),
        policy=policy,
        form=form,
        verdicts=VERDICT_LOOKS,
    )
