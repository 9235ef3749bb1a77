"""E-mail addresses in their one form: as people read it, the domain in small letters; and as ordinary mail servers take it."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from refurb.kernel.speech.errors import Refusal

# What comes along when an address is copied from a page or from a message: « mailto:… », « Jeanne Petit <…> », a comma after it.
_COPIED = re.compile(r"\A(?:[^<>]*<)?\s*(?:mailto:)?([^<>?]*?)(?:\?[^<>]*)?\s*(?:>)?[\s,;.]*\Z", re.IGNORECASE)


class UnusableAddress(Refusal):
    """No letter can be written to this address: it is none, it is several, or no ordinary server delivers to it."""

    code = "field.email"
    status = 422


def read_address(typed: str) -> str:
    """The address in what was typed; raises `UnusableAddress` with the code that says why no letter would arrive.

    The syntax is RFC 5322's without quotes and comments, the domain is of the public internet (RFC 6761) and may have accents (RFC 5891).
    Whether anybody is there, only a letter tells. What stands before the @ stays as it is: its servers alone know what it means.
    """
    visible = "".join(letter for letter in typed if unicodedata.category(letter) not in {"Cf", "Cc"})
    found = _COPIED.match(visible)
    bare = found.group(1) if found else visible.strip()
    local, _, host = bare.rpartition("@")
    if "@" in local or "," in bare or ";" in bare:
        raise UnusableAddress("field.email_several")
    if host and not local.isascii():
        raise UnusableAddress("field.email_accents")
    try:
        return validate_email(bare, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise UnusableAddress from error


def spelt_address(typed: str) -> str:
    """The same, or what was typed where no letter can be written to it."""
    try:
        return read_address(typed)
    except UnusableAddress:
        return typed.strip()


def travelling(address: str) -> str:
    """The address as every mail server takes it: a domain with accents in its xn-- form. Raises `UnusableAddress`.

    One of a network of our own (`.local`), entered before they were refused, is left to the mail server.
    """
    try:
        read = validate_email(address, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise UnusableAddress from error
    return read.ascii_email or read.normalized


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two addresses reach the same person; no server in use tells capitals from small letters before the @."""
    return bool(one and other) and (one or "").casefold() == (other or "").casefold()


def masked(address: str) -> str:
    """An address for whoever may not see it: « j…@exemple.fr » tells that there is one, and whose server takes it; of a number, its end."""
    if "@" not in address:
        return f"…{address[-2:]}"
    local, _, host = address.rpartition("@")
    return f"{local[:1]}…@{host}"
