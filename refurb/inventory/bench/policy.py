"""How the bench reads the time and how much it takes at once, from config/policy/bench.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.policy import PolicyFile, PolicySchema
from refurb.kernel.deeds.policy_entries import PartEntry, TableEntry, WholeEntry


@dataclass(frozen=True)
class BenchPolicy:
    """The whole file: from how many days on a machine of a state is (watched, late); for how long a note is corrected; a batch at most."""

    ageing: Mapping[DeviceState, tuple[int, int]]
    notes_correctable_for: timedelta
    most_of_a_batch: int


class AgeingSchema(PolicySchema):
    """When a machine of one state is watched, and when it is late."""

    watch = WholeEntry(0, 3660)
    late = WholeEntry(0, 3660)

    @validates_schema
    def _watched_before_it_is_late(self, data: dict[str, Any], **_: Any) -> None:
        if data["watch"] > data["late"]:
            raise ValidationError(f"must not be more than late, {data['late']}", "watch")


class NotesSchema(PolicySchema):
    """Notes."""

    correctable_hours = WholeEntry(0, 24 * 366)


class BatchSchema(PolicySchema):
    """Batches."""

    most = WholeEntry(1, 10_000)


class BenchSchema(PolicySchema):
    """The shape of bench.toml."""

    ageing = TableEntry(PartEntry(AgeingSchema), keys=DeviceState, what="state of a device")
    notes = PartEntry(NotesSchema)
    batch = PartEntry(BatchSchema)


def _bench_policy(content: dict[str, Any], _version: str) -> BenchPolicy:
    return BenchPolicy(
        {state: (each["watch"], each["late"]) for state, each in content["ageing"].items()},
        timedelta(hours=content["notes"]["correctable_hours"]),
        content["batch"]["most"],
    )


BENCH = PolicyFile("bench", PartEntry(BenchSchema), _bench_policy)


def bench_policy() -> BenchPolicy:
    """The policy in force; raises `PolicyError`."""
    return BENCH.in_force()
