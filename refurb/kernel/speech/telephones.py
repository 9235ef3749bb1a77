"""Telephone numbers in their one form, E.164 (ITU-T), and as people read them: +33549000000 is « 05 49 00 00 00 »."""

import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

# A number without its country's prefix is of mainland France, or of an overseas part that dials in the same way.
_REGIONS = ("FR", "RE", "GP", "MQ", "GF")
_FRENCH = frozenset({33, 262, 590, 594, 596})
_NATIONAL = 9
_NARROW = "\N{NARROW NO-BREAK SPACE}"
_SIGNS = frozenset(" .-()/+")
# Every digit a column for numbers keeps; also what E.164 allows, with the +.
LONGEST = 16


def _digits(typed: str) -> str | None:
    """What was typed in plain digits and signs; None where it holds anything else."""
    kept = []
    for letter in unicodedata.normalize("NFKC", typed):
        kind = unicodedata.category(letter)
        if kind == "Cf":
            continue
        plain = str(unicodedata.decimal(letter)) if kind == "Nd" else "-" if kind == "Pd" else " " if letter.isspace() else letter
        if not plain.isdecimal() and plain not in _SIGNS:
            return None
        kept.append(plain)
    return "".join(kept).strip()


def _parsed(digits: str) -> PhoneNumber | None:
    possible = None
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(digits, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
        # Numbers set aside for fiction, or newer than our tables, are possible at least; a French one has nine digits after its 0.
        short = number.country_code in _FRENCH and (number.italian_leading_zero or len(str(number.national_number)) != _NATIONAL)
        if possible is None and not short and phonenumbers.is_possible_number(number):
            possible = number
    return possible


def read_phone(typed: str) -> str | None:
    """The number in E.164; None where what was typed is no number that can be dialled from anywhere."""
    digits = _digits(typed)
    number = _parsed(digits) if digits else None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def spell_phone(kept: str | None) -> str:
    """A kept number as it is read out: of France by pairs, of another country with its prefix; one that is not in E.164 stays as it is."""
    if not kept or not kept.startswith("+"):
        return kept or ""
    try:
        number = phonenumbers.parse(kept)
    except NumberParseException:
        return kept
    if number.country_code in _FRENCH:
        national = f"0{number.national_number:0{_NATIONAL}d}"
        return _NARROW.join(national[at : at + 2] for at in range(0, len(national), 2))
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace(" ", _NARROW)


def is_mobile(kept: str | None) -> bool:
    """Whether a kept number is one of a French mobile telephone, overseas included: it may be sent a short message.

    ARCEP, decision n° 2018-0881 as amended by n° 2022-1583, annex 1, §2.3: mobile numbers begin with 06 or 07, those of overseas too (0690,
    0691, 0694, 0696, 0697, 0692, 0693, 0639, 0709…), each behind its country's prefix; 0700 begins the longer ones, of machines.
    """
    for prefix in map(str, sorted(_FRENCH, reverse=True)):
        if kept and kept.startswith(f"+{prefix}"):
            national = kept[1 + len(prefix) :]
            return len(national) == _NATIONAL and national[0] in "67" and not national.startswith("700")
    return False


def phone_words(kept: str | None) -> str:
    """A kept number as it is searched: its digits alone, as dialled at home."""
    return "".join(letter for letter in spell_phone(kept) if letter.isdecimal())


def typed_number(typed: str) -> str:
    """The digits by which a number, or its beginning, is searched; nothing where what was typed does not begin like one.

    Other runs of digits are years, references, SIREN.
    """
    digits = _digits(typed) or ""
    if not digits.startswith(("0", "+")):
        return ""
    whole = read_phone(digits)
    return phone_words(whole) if whole else "".join(letter for letter in digits if letter.isdecimal())
