"""An amount of euros in a form: typed as people type it, loaded as whole cents."""

from decimal import Decimal
from typing import Any

from refurb.kernel.web.fields import Text, Wrong

MOST_CENTS = 10_000_000


class Euros(Text):
    """An amount of euros, with a comma or a point, loaded as whole cents; up to 100,000 €."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, max=16, **{"attrs": {"inputmode": "decimal", "autocomplete": "off"}, **options})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        said = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        text = super()._deserialize(said, attr, data, **kwargs)
        if not text:
            return None
        try:
            cents = Decimal(text.removesuffix("€").replace(",", ".").replace("\u202f", "").replace(" ", "")) * 100
        except ArithmeticError:
            raise Wrong("part.not_an_amount") from None
        if not cents.is_finite() or not 0 <= cents <= MOST_CENTS or cents != int(cents):
            raise Wrong("part.not_an_amount")
        return int(cents)
