"""Columns that say how somebody is reached: whatever writes to them, and whatever asks them, does so in the one form of its kind."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from refurb.kernel.speech.addresses import spelt_address
from refurb.kernel.speech.telephones import read_phone


class Telephone(TypeDecorator[str]):
    """A number in E.164; what was kept before and cannot be dialled stays as it is, to be read by a person."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return (read_phone(value) or value) if value else None


class MailAddress(TypeDecorator[str]):
    """An e-mail address as people read it, its domain in small letters; one that no letter can be written to stays as it is."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return spelt_address(value) if value else None


def phone_column() -> MappedColumn[Any]:
    """A telephone number, if there is one."""
    return mapped_column(Telephone())


def email_column() -> MappedColumn[Any]:
    """An e-mail address, if there is one."""
    return mapped_column(MailAddress())
