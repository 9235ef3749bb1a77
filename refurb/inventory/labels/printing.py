"""What a label says, and its PDF. What draws it is loaded with the first one: most processes print none."""

from collections.abc import Sequence
from dataclasses import dataclass

from refurb.documents.qr import is_alphanumeric
from refurb.inventory.labels.formats import LabelFormat


@dataclass(frozen=True)
class Label:
    """What one label says, and all it can say.

    The code of 8 signs and the address that ends in it, the model and a few facts on it, whose machine it is, and what
    to do when it needs help. Raises ValueError when the address leads elsewhere than to the code.
    """

    code: str
    url: str
    title: str
    facts: tuple[str, ...]
    organisation: str
    help_line: str

    def __post_init__(self) -> None:
        if not is_alphanumeric(self.url.upper()) or not self.url.upper().endswith(f"/{self.code}"):
            raise ValueError(f"the address {self.url!r} is no address of {self.code}")


def printed(labels: Sequence[Label], label_format: LabelFormat, first_cell: int = 0) -> bytes:
    """The labels as a PDF, on a roll one to a page; on sheets, the first `first_cell` cells stay empty.

    Raises ValueError when there is nothing to print or the first cell is not on the sheet.
    """
    from refurb.inventory.labels.drawing import roll, sheet  # noqa: PLC0415 - loaded where it is used

    return roll(labels, label_format) if label_format.kind == "roll" else sheet(labels, label_format, first_cell)


def printed_test(label_format: LabelFormat) -> bytes:
    """The sheet by which one sees that the printer prints at 100 %."""
    from refurb.inventory.labels.drawing import test_sheet  # noqa: PLC0415 - loaded where it is used

    return test_sheet(label_format)
