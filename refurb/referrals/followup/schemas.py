"""What comes in about follow-up: the same for the family's page, the telephone, the partner and the API."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Many, Word
from refurb.referrals.followup.words import HELPS, NEWS_USES, NEWS_WAYS, NEXT_NEEDS, WORKS, Helps, NewsUse, NewsWay, NextNeed, Works


class NewsTold(Schema):
    """What becomes of a device: each question may be skipped, not all of them."""

    works = Word(Works, _l("1. Marche-t-il toujours ?"), labels=WORKS, widget="radio", sometimes=True)
    uses = Many(
        Word(NewsUse, labels=NEWS_USES),
        _l("2. À quoi sert-il ?"),
        choices=lambda: [(each.value, NEWS_USES[each]) for each in NEWS_USES],
        sometimes=True,
    )
    helps = Word(Helps, _l("3. Vous aide-t-il ?"), labels=HELPS, widget="radio", sometimes=True)
    next_need = Word(NextNeed, _l("4. De quoi avez-vous besoin ensuite ?"), labels=NEXT_NEEDS, widget="radio", sometimes=True)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(data.get(name) for name in ("works", "uses", "helps", "next_need")):
            raise ValidationError([Fault("followup.empty")], "works")


class WayChosen(Schema):
    """How the family agrees to be asked for news."""

    way = Word(NewsWay, _l("Comment demander des nouvelles ?"), labels=NEWS_WAYS, widget="radio", required=True)
