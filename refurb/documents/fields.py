"""The field of a name that papers will bear."""

from typing import Any

from refurb.kernel.web.fields import Text, Wrong


class PersonName(Text):
    """A person's name. Whoever enters letters that papers cannot write is asked, there and then, for the spelling of the identity paper."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        from refurb.documents.typeset import undrawn  # noqa: PLC0415 - loaded where it is used

        name = super()._deserialize(value, attr, data, **kwargs)
        if letters := undrawn(name):
            raise Wrong("field.undrawn", letters=letters)
        return name
