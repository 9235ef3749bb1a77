"""Refurb: donated computers from the donor's door to a family, and lent hardware out and back."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refurb.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """`create_app`, loaded when it is asked for: whoever only reads a file does without the application."""
    if name in __all__:
        return getattr(import_module("refurb.application"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
