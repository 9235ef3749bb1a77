"""Fields that tell of hours."""

import re
from typing import Any

from refurb.directory.sites.hours import HoursUnclear, spans_typed
from refurb.directory.sites.words import typed_minute
from refurb.kernel.web.fields import Text, Wrong

_MIDNIGHT = re.compile(r"0?0\s*(?:[h:]\s*(?:0?0)?)?\Z", re.ASCII | re.IGNORECASE)


class HourOfDay(Text):
    """An hour as people type it, « 14h30 », « 14:30 », « 9 h » or « 0h »; loaded as the minute of the day."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        options.setdefault("attrs", {"class": "w-short", "autocomplete": "off", "inputmode": "text"})
        super().__init__(label, max=20, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed and _MIDNIGHT.match(typed):  # No span ends where the day begins.
            return 0
        try:
            spans = spans_typed(f"0h-{typed}") if typed else ()
        except HoursUnclear:
            raise Wrong("rota.hour") from None
        if typed and len(spans) != 1:
            raise Wrong("rota.hour")
        return spans[0][1] if spans else None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else typed_minute(value)
