"""The enumerations of days of return that change after the departure."""

from enum import StrEnum


class DueWhy(StrEnum):
    """Why a thing that is out is due on another day than was agreed."""

    RENEWAL = "renewal"
