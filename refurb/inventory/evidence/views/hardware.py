"""What the panel about a machine's hardware says things with."""

from typing import Any

from refurb.inventory.blueprint import blueprint
from refurb.inventory.evidence.hardware import hardware_seen
from refurb.inventory.evidence.words import CHASSIS
from refurb.inventory.readers.facts import BatteryFacts, RamModule
from refurb.kernel.speech.words import _, memory


def module_said(module: RamModule) -> str:
    """One memory module in a line: « 8 Go DDR4 SODIMM, 2400 MHz, Kingston »."""
    kind = " ".join(part for part in (memory(module.size_mb), module.type, module.form) if part)
    clock = f"{module.speed_mhz} MHz" if module.speed_mhz else None
    return ", ".join(part for part in (kind, clock, module.manufacturer) if part)


def battery_said(battery: BatteryFacts) -> str:
    """A battery in a line: its name, and what is left of its capacity where a tool measured it."""
    name = " ".join(part for part in (battery.manufacturer, battery.model) if part)
    if battery.health_percent is None:
        left = _("usure non mesurée")
    else:
        left = _("%(percent)s %% de sa capacité d'origine", percent=battery.health_percent)
    return ", ".join(part for part in (name, left) if part)


@blueprint.context_processor
def hardware_words() -> dict[str, Any]:
    """What the panel is made of."""
    return {"hardware_seen": hardware_seen, "chassis_words": CHASSIS, "module_said": module_said, "battery_said": battery_said}
