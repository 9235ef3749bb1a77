"""Tables written as files to keep, by one declaration: XLSX with typed cells, and CSV as a French spreadsheet opens it by a double press.

A text stays a text: an XLSX cell of text is never a number, a date, a link or a formula; in CSV what a spreadsheet would take for a
formula is quoted (CWE-1236). A table is written row by row to a file without a name, in the same memory however long it is.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from flask import Blueprint, Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _p
from refurb.kernel.web.guards import requires
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import disposition

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
"""Signs in one cell (Excel's specifications and limits)."""
_AT_ONCE = 1 << 16
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


@dataclass(frozen=True)
class SheetColumn:
    """One column: its heading, what it says of a row, and how wide it is drawn, in signs.

    A value is text, a number, an amount (`Decimal`), a day, an instant (said in the territory's time), yes or no, or None.
    """

    head: Any
    value: Callable[[Any], Any]
    width: int = 16


@dataclass(frozen=True)
class SheetFile:
    """What a spreadsheet holds: the stem of its name, its headings with their widths, and its rows."""

    name: str
    heads: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]

    @classmethod
    def of(cls, name: str, columns: Sequence[SheetColumn], rows: Iterable[Any]) -> "SheetFile":
        """A table by its columns."""
        told = [(str(column.head), column.width) for column in columns]
        return cls(name, told, ([column.value(row) for column in columns] for row in rows))

    @classmethod
    def listed(cls, name: str, columns: Sequence[SheetColumn], listing: Listing) -> "SheetFile":
        """A list as the page shows it, all its pages, in the order asked for. Raises `TooManyRows`."""
        return cls.of(name, columns, listing.every(order_asked()))


def cents_as_amount(cents: int | None) -> Decimal | None:
    """Cents as an amount."""
    return None if cents is None else Decimal(cents).scaleb(-2)


def _yes_or_no(value: Any) -> str:
    return _p("spreadsheet", "oui") if value else _p("spreadsheet", "non")


# --- CSV ------------------------------------------------------------------------------------------------------------------


def _in_csv(value: Any) -> Any:
    if isinstance(value, bool):
        return _yes_or_no(value)
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, int | date):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write_csv(table: SheetFile, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([head for head, _width in table.heads])
    writer.writerows([_in_csv(value) for value in row] for row in table.rows)
    text.detach()


# --- XLSX -----------------------------------------------------------------------------------------------------------------


def _write_xlsx(table: SheetFile, file: IO[bytes]) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded where it is used

    with TemporaryDirectory() as folder, Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
        page = book.add_worksheet(table.name[:31])
        shown = cache(lambda pattern: book.add_format({"num_format": pattern}))
        page.freeze_panes(1, 0)
        heading = book.add_format({"bold": True, "bottom": 1})
        for place, (head, width) in enumerate(table.heads):
            page.set_column(place, place, width)
            page.write_string(0, place, head, heading)
        last = 0
        for last, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                _in_xlsx(page, (last, place), value, shown)
        page.autofilter(0, 0, last, len(table.heads) - 1)


def _in_xlsx(page: Any, at: tuple[int, int], value: Any, shown: Callable[[str], Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(*at, _yes_or_no(value))
    elif isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        page.write_number(*at, value, shown(f"#,##0.{'0' * places}" if places > 0 else "#,##0"))
    elif isinstance(value, int | float):
        page.write_number(*at, value)
    elif isinstance(value, datetime):
        page.write_datetime(*at, local(value).replace(tzinfo=None), shown(_MOMENT))
    elif isinstance(value, date):
        page.write_datetime(*at, value, shown(_DAY))
    else:
        page.write_string(*at, str(value)[:_LONGEST_CELL])


# --- the answer -------------------------------------------------------------------------------------------------------------

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS: Mapping[str, tuple[Callable[[SheetFile, IO[bytes]], None], str]] = {
    "csv": (_write_csv, "text/csv; charset=utf-8"),
    "xlsx": (_write_xlsx, _XLSX),
}


def sheet(actor: Actor, table: SheetFile, form: str) -> Response:
    """The table as a file to keep, `form` being csv or xlsx; that it was taken out is noted in the log of security."""
    write, mimetype = _FORMS[form]
    name = f"{table.name}.{form}"
    note(SecurityKind.EXPORTED, actor, name)
    file = TemporaryFile()  # noqa: SIM115 - it is closed when the answer is
    try:
        write(table, file)
    except BaseException:
        file.close()
        raise
    return _sent(file, name, mimetype)


def _sent(file: IO[bytes], name: str, mimetype: str) -> Response:
    size = file.tell()
    file.seek(0)
    response = Response(_pieces(file), content_type=mimetype)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    response.content_length = size
    response.call_on_close(file.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_AT_ONCE):
            yield piece


def exported(blueprint: Blueprint, path: str, *permissions: Permission) -> Callable[[Callable[..., SheetFile]], Callable[..., SheetFile]]:
    """Answer `path.csv` and `path.xlsx` with the table that a function makes for an actor who has one of these permissions.

    Its endpoint has the function's name; `url_for(endpoint, form="xlsx", **request.args)` leads to it.
    """

    def declare(made: Callable[..., SheetFile]) -> Callable[..., SheetFile]:
        def view(actor: Actor, form: str, **where: Any) -> Response:
            return sheet(actor, made(actor, **where), form)

        view.__doc__ = made.__doc__
        guarded = requires(*permissions)(view)
        for form in _FORMS:
            blueprint.add_url_rule(f"{path}.{form}", made.__name__, guarded, defaults={"form": form}, methods=["GET"])
        return made

    return declare
