"""What a thing is, where it stands, and what can block it."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class DeviceKind(StrEnum):
    """What a thing is; decides its checklist and its price cap."""

    LAPTOP = "laptop"
    DESKTOP = "desktop"
    TABLET = "tablet"
    SMARTPHONE = "smartphone"
    MONITOR = "monitor"
    PRINTER = "printer"
    OTHER = "other"


DEVICE_KINDS = {
    DeviceKind.LAPTOP: _l("Ordinateur portable"),
    DeviceKind.DESKTOP: _l("Ordinateur fixe"),
    DeviceKind.TABLET: _lp("device kind", "Tablette"),
    DeviceKind.SMARTPHONE: _lp("device kind", "Téléphone"),
    DeviceKind.MONITOR: _lp("device kind", "Écran"),
    DeviceKind.PRINTER: _l("Imprimante"),
    DeviceKind.OTHER: _l("Autre matériel"),
}

# Kinds whose memory is soldered: nobody takes it out, and only the device itself can reset it.
SOLDERED = frozenset({DeviceKind.TABLET, DeviceKind.SMARTPHONE})
# Kinds that hold no data: nobody need say that they have no drive.
WITHOUT_DATA = frozenset({DeviceKind.MONITOR, DeviceKind.PRINTER})


class FlagKind(StrEnum):
    """What can block a device beside its state."""

    BIOS_LOCKED = "bios_locked"
    ACTIVATION_LOCK = "activation_lock"
    MISSING_PART = "missing_part"
    SECOND_LOOK = "second_look"
    NOT_RELEASED = "not_released"

    @property
    def is_lock(self) -> bool:
        """Whether somebody else's hold on the machine keeps us out of it."""
        return self in {FlagKind.BIOS_LOCKED, FlagKind.ACTIVATION_LOCK, FlagKind.NOT_RELEASED}


FLAG_KINDS = {
    FlagKind.BIOS_LOCKED: _l("BIOS verrouillé"),
    FlagKind.ACTIVATION_LOCK: _l("Verrou d'activation"),
    FlagKind.MISSING_PART: _l("Pièce manquante"),
    FlagKind.SECOND_LOOK: _l("Second regard demandé"),
    FlagKind.NOT_RELEASED: _l("À libérer par le donateur"),
}


class DeviceState(StrEnum):
    """Where a device stands."""

    RECEIVED = "received"
    TO_ERASE = "to_erase"
    ERASING = "erasing"
    TO_REFURBISH = "to_refurbish"
    TESTING = "testing"
    READY = "ready"
    RESERVED = "reserved"
    HANDED_OVER = "handed_over"
    IN_POOL = "in_pool"
    PARTS = "parts"
    WASTE = "waste"
    LOST = "lost"
    REFUSED = "refused"
    MERGED = "merged"

    @property
    def is_testing(self) -> bool:
        """Whether its checks are being answered."""
        return self is DeviceState.TESTING

    @property
    def is_at_bench(self) -> bool:
        """Whether somebody at the bench has something to do with it."""
        return self in AT_BENCH

    @property
    def is_past_the_gate(self) -> bool:
        """Whether its drives are proven clean and its checks passed."""
        return self in PAST_THE_GATE

    @property
    def is_with_a_family(self) -> bool:
        """Whether it was handed over."""
        return self is DeviceState.HANDED_OVER

    @property
    def is_mergeable(self) -> bool:
        """Whether its record may still turn out to be another's."""
        return self in MERGEABLE


# Promised to somebody or with somebody: its drives are proven clean and its checks passed, and here the word « reconditionné » is earned.
PAST_THE_GATE = frozenset({DeviceState.READY, DeviceState.RESERVED, DeviceState.HANDED_OVER, DeviceState.IN_POOL})

# Where somebody at the bench has something to do, in the order of the work.
AT_BENCH = (DeviceState.RECEIVED, DeviceState.TO_ERASE, DeviceState.ERASING, DeviceState.TO_REFURBISH, DeviceState.TESTING)

# Not promised to anybody yet: its record may be joined to another one of the same machine.
MERGEABLE = frozenset({*AT_BENCH, DeviceState.READY})

# The board's lanes, in the order of the work: what is done at the bench, then what waits to leave.
LANES = (*AT_BENCH, DeviceState.READY, DeviceState.RESERVED)

# What stands at one of our places as a device; what is lent stands there as a thing to lend.
HERE = (*LANES, DeviceState.PARTS, DeviceState.WASTE)
