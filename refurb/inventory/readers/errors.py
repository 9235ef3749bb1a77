"""What a reader says when it cannot read, or reads with a reserve: codes with their facts, never sentences."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from refurb.kernel.errors import Refusal

REFUSALS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "report.empty": frozenset(),
        "report.too_large": frozenset({"size_mb", "limit_mb"}),
        "report.too_long": frozenset({"lines", "limit"}),
        "report.is_pdf": frozenset(),
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
        "hardware.ram_differs": frozenset({"kept", "other"}),
        "hardware.nvme_not_described": frozenset(),
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
        "erasure.clock_went_back": frozenset({"serial"}),
        "erasure.hidden_sectors": frozenset({"serial"}),
        "erasure.hidden_sectors_unknown": frozenset({"serial"}),
        "erasure.no_status": frozenset({"serial"}),
        "erasure.serial_hidden": frozenset({"device"}),
        "erasure.serials_differ": frozenset({"serial", "other"}),
        "erasure.several_runs": frozenset({"runs"}),
    }
)
"""Codes that come with what was read, each with the names of its facts."""

CODES: frozenset[str] = frozenset(REFUSALS) | frozenset(WARNINGS)
"""Every code of the readers, so that the catalogues can be checked."""


class Unreadable(Refusal):
    """The file gives no facts; the only exception that leaves a reader."""

    code = "report.not_this_tool"
    status = 422

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
