"""What a reader says when it cannot read, or reads with a reserve: codes with their facts, never sentences."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from refurb.kernel.speech.errors import Refusal

REFUSALS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "report.empty": frozenset(),
        "report.too_large": frozenset({"size_mb", "limit_mb"}),
        "report.too_much_work": frozenset(),
        "report.too_long": frozenset({"lines", "limit"}),
        "report.is_pdf": frozenset(),
        "report.pdf_unknown": frozenset(),
        "report.eraser_pdf": frozenset({"tool"}),
        "report.is_binary": frozenset(),
        "report.truncated": frozenset(),
        "report.damaged": frozenset(),
        "report.other_tool": frozenset({"tool"}),
        "report.not_this_tool": frozenset(),
        "report.not_a_computer": frozenset({"tool"}),
        "report.no_machine": frozenset(),
        "report.no_drive": frozenset(),
        "report.no_erasure": frozenset(),
    }
)
"""Codes with which a file is refused, each with the names of its facts."""

WARNINGS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "hardware.no_identity": frozenset(),
        "hardware.partial": frozenset(),
        "hardware.manufacturers_differ": frozenset({"kept", "other"}),
        "hardware.models_differ": frozenset({"kept", "other"}),
        "hardware.serials_differ": frozenset({"kept", "other"}),
        "hardware.uuids_differ": frozenset({"kept", "other"}),
        "hardware.ram_as_seen": frozenset({"ram_mb"}),
        "hardware.ram_differs": frozenset({"kept", "other"}),
        "hardware.nvme_not_described": frozenset(),
        "hardware.memory_soldered": frozenset({"cpu"}),
        "battery.cycles": frozenset({"cycles", "condition"}),
        "drive.external_left_out": frozenset({"model"}),
        "drive.failed_in_past": frozenset({"serial", "attribute"}),
        "drive.hours_unreliable": frozenset({"serial", "hours"}),
        "drive.no_serial": frozenset({"model"}),
        "drive.no_size": frozenset({"serial"}),
        "drive.only_in_smart": frozenset({"serial"}),
        "drive.serial_twice": frozenset({"serial"}),
        "drive.sizes_differ": frozenset({"serial", "kept", "other"}),
        "drive.unreadable": frozenset({"device"}),
        "drive.virtual": frozenset({"model"}),
        "report.part_unread": frozenset({"part"}),
        "erasure.clock_went_back": frozenset({"serial"}),
        "erasure.contradicted": frozenset({"serial"}),
        "erasure.end_missing": frozenset({"serial"}),
        "erasure.format_erases_nothing": frozenset({"serial"}),
        "erasure.format_unknown": frozenset({"serial"}),
        "erasure.future": frozenset({"serial"}),
        "erasure.hidden_sectors": frozenset({"serial"}),
        "erasure.hidden_sectors_unknown": frozenset({"serial"}),
        "erasure.log_is_zeros": frozenset({"serial"}),
        "erasure.model_of_bridge": frozenset({"serial", "model"}),
        "erasure.needs_identity": frozenset({"device"}),
        "erasure.never_done": frozenset({"serial"}),
        "erasure.no_status": frozenset({"serial"}),
        "erasure.no_zone": frozenset({"serial"}),
        "erasure.not_confirmed": frozenset({"serial"}),
        "erasure.not_read_back": frozenset({"serial"}),
        "erasure.nothing_written": frozenset({"serial"}),
        "erasure.serial_hidden": frozenset({"device"}),
        "erasure.serial_missing": frozenset({"model"}),
        "erasure.serial_of_bridge": frozenset({"serial"}),
        "erasure.serial_respelt": frozenset({"serial", "other"}),
        "erasure.serial_twice": frozenset({"serial"}),
        "erasure.serials_differ": frozenset({"serial", "other"}),
        "erasure.several_runs": frozenset({"runs"}),
        "erasure.short": frozenset({"serial", "erased", "size"}),
        "erasure.still_running": frozenset({"serial", "percent"}),
        "erasure.written_since": frozenset({"serial"}),
        "erasure.written_since_unknown": frozenset({"serial"}),
    }
)
"""Codes that come with what was read, each with the names of its facts."""

DOUBTS: frozenset[str] = frozenset(
    {
        "erasure.contradicted",
        "erasure.incomplete",
        "erasure.no_end",
        "erasure.serial_of_bridge",
        "erasure.serial_twice",
        "erasure.written_since",
        "erasure.written_since_unknown",
    }
)
"""Why an erasure proves nothing, whatever its tool calls it; a warning beside it says what was seen."""

AMBIGUOUS: frozenset[str] = frozenset({"erasure.serial_of_bridge", "erasure.serial_twice"})
"""The doubts about which drive it was: such an erasure is attached to none before somebody has looked."""

CODES: frozenset[str] = frozenset(REFUSALS) | frozenset(WARNINGS)
"""Every code of the readers, so that the catalogues can be checked."""


class Unreadable(Refusal):
    """The file gives no facts; the only exception that leaves a reader."""

    code = "report.not_this_tool"
    status = 422

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
