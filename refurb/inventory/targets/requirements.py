"""What a machine meets and misses: the smallest configuration of its kind, and Windows 11."""

from collections.abc import Iterable
from dataclasses import dataclass

from refurb.inventory.targets.configuration import Configuration
from refurb.inventory.targets.policy import targets
from refurb.inventory.targets.processors import processor_of
from refurb.inventory.targets.words import FigureOf, Verdict


@dataclass(frozen=True)
class TargetLine:
    """One requirement: what is wanted, what was found, and whether that is enough. `estimated` is a measure guessed from a name."""

    part: FigureOf
    verdict: Verdict
    wanted: float | None = None
    found: float | str | None = None
    estimated: bool = False


def smallest(machine: Configuration) -> tuple[TargetLine, ...]:
    """The smallest configuration of the machine's kind, line by line; nothing for a kind of which nothing is asked."""
    limits = targets().minimum.get(machine.kind, {})
    processor = processor_of(machine.cpu)
    mark = machine.cpu_mark if machine.cpu_mark is not None else processor.mark
    found: dict[str, tuple[FigureOf, float | None]] = {
        "cpu_mark": (FigureOf.CPU, mark),
        "cpu_year": (FigureOf.CPU_YEAR, processor.year),
        "ram_gb": (FigureOf.RAM, machine.ram_gb),
        "storage_gb": (FigureOf.STORAGE, machine.storage_gb),
        "screen_width": (FigureOf.SCREEN, machine.screen_width),
        "battery_percent": (FigureOf.BATTERY, machine.battery_percent),
    }
    lines = [
        _at_least(part, limits[name], measure, estimated=part is FigureOf.CPU and machine.cpu_mark is None and measure is not None)
        for name, (part, measure) in found.items()
        if name in limits
    ]
    if limits.get("solid_state"):
        lines.append(TargetLine(FigureOf.SOLID_STATE, _answer(machine.has_solid_drive)))
    return tuple(lines)


def windows_11(machine: Configuration) -> tuple[TargetLine, ...]:
    """The published requirements of Windows 11, line by line; nothing for a kind on which it does not run."""
    policy = targets()
    if machine.kind not in policy.windows_kinds:
        return ()
    processor, wanted, firmware = processor_of(machine.cpu), policy.windows, machine.firmware
    # A UEFI that says nothing of secure boot may well have it; one that has no UEFI cannot.
    secure = False if firmware.uefi is False else firmware.secure_boot
    return (
        TargetLine(FigureOf.CPU, processor.windows_11, found=processor.family),
        _at_least(FigureOf.RAM, wanted["ram_gb"], machine.ram_gb),
        _at_least(FigureOf.STORAGE, wanted["storage_gb"], machine.largest_drive_gb),
        _at_least(FigureOf.TPM, wanted["tpm"], firmware.tpm),
        TargetLine(FigureOf.SECURE_BOOT, _answer(secure)),
    )


def overall(lines: Iterable[TargetLine]) -> Verdict | None:
    """One verdict for all: no as soon as one line says no, else unknown as soon as one is; None where nothing was asked."""
    said = {each.verdict for each in lines}
    if not said:
        return None
    return next((each for each in (Verdict.NO, Verdict.UNKNOWN) if each in said), Verdict.YES)


def _at_least(part: FigureOf, wanted: float, found: float | None, *, estimated: bool = False) -> TargetLine:
    verdict = Verdict.UNKNOWN if found is None else Verdict.YES if found >= wanted else Verdict.NO
    return TargetLine(part, verdict, wanted, found, estimated)


def _answer(said: bool | None) -> Verdict:  # noqa: FBT001  # the answer itself, not a switch
    return Verdict.UNKNOWN if said is None else Verdict.YES if said else Verdict.NO
