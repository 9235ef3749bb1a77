"""The enumerations of claims."""

from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

FOR_EVER: Final = date(9999, 12, 31)
"""The end of what has no end yet: « until it is back »."""

LONGEST: Final = 450
"""Days that a reservation blocks a thing at most, preparation and buffer among them; what is read of a window depends on it."""


class ClaimKind(StrEnum):
    """Why a thing is taken."""

    RESERVATION = "reservation"
    LOAN = "loan"
    REPAIR = "repair"
    CHECK = "check"
    SHIPMENT = "shipment"
    MAINTENANCE = "maintenance"


class PoolKey(NamedTuple):
    """The things of one product at one place: what one reservation of the product may be served from."""

    product_id: int
    site_id: int
