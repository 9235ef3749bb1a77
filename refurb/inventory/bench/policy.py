"""How the bench reads the time and how much it takes at once, from config/policy/bench.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import PartEntry, TableEntry, WholeEntry
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class BenchPolicy:
    """The whole file: from how many days on a machine of a state is (watched, late); for how long a note is corrected; a batch at most."""

    ageing: Mapping[DeviceState, tuple[int, int]]
    notes_correctable_for: timedelta
    most_of_a_batch: int


_STATES = {state: look.word for state, look in device_machine.looks.items()}


class AgeingSchema(PolicySchema):
    """When a machine of one state is watched, and when it is late."""

    watch = WholeEntry(0, 3660, label=_l("Signalée après"), unit=_lp("unit", "jours"))
    late = WholeEntry(0, 3660, label=_l("En retard après"), unit=_lp("unit", "jours"))

    @validates_schema
    def _watched_before_it_is_late(self, data: dict[str, Any], **_options: Any) -> None:
        if data["watch"] > data["late"]:
            late = data["late"]
            raise ValidationError(Wrongly(f"must not be more than late, {late}", "policy.watch_after_late", late=late), "watch")


class NotesSchema(PolicySchema):
    """Notes."""

    correctable_hours = WholeEntry(0, 24 * 366, label=_l("Une note se corrige pendant"), unit=_lp("unit", "heures"))


class BatchSchema(PolicySchema):
    """Batches."""

    most = WholeEntry(1, 10_000, label=_l("Machines d'un lot, au plus"))


class BenchSchema(PolicySchema):
    """The shape of bench.toml."""

    ageing = TableEntry(PartEntry(AgeingSchema), keys=DeviceState, what="state of a device", says=_STATES, label=_l("Attente par état"))
    notes = PartEntry(NotesSchema, label=_lp("policy", "Notes"))
    batch = PartEntry(BatchSchema, label=_lp("policy", "Lots"))


def _bench_policy(content: dict[str, Any], _version: str) -> BenchPolicy:
    return BenchPolicy(
        {state: (each["watch"], each["late"]) for state, each in content["ageing"].items()},
        timedelta(hours=content["notes"]["correctable_hours"]),
        content["batch"]["most"],
    )


def _summary(made: BenchPolicy) -> str:
    late = made.ageing.get(DeviceState.TO_REFURBISH, (0, 0))[1]
    return _(
        "Une machine à reconditionner est en retard après %(late)s jours ; un lot tient %(most)s machines.",
        late=late,
        most=made.most_of_a_batch,
    )


BENCH = PolicyFile("bench", PartEntry(BenchSchema), _bench_policy, _l("Délais de l'atelier"), PolicyGroup.WORKSHOP, _summary)


def bench_policy() -> BenchPolicy:
    """The policy in force; raises `PolicyError`."""
    return BENCH.in_force()
