"""What other durations would change: how many more, or fewer, the next night would forget of each sort."""

from refurb.directory.durations import RETENTION, Durations
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _, _n


def preview_durations(before: Durations, after: Durations) -> PolicyEffect:
    """Tonight's list by each of the two."""
    terms = [each for each in wired().terms if callable(each.lasts)]
    counted = [(each, *pair) for each, pair in zip(terms, zip(_due(before, terms), _due(after, terms), strict=True), strict=True)]
    moved = [(str(term.who), _said(old), _said(new)) for term, old, new in counted if old != new]
    count = sum(abs(old - new) for _term, old, new in counted)
    if not count:
        return PolicyEffect(0, _("La prochaine nuit efface les mêmes dossiers."))
    return PolicyEffect(count, _n("%(num)s dossier change de nuit.", "%(num)s dossiers changent de nuit.", count), tuple(moved))


def _due(durations: Durations, terms: list[Term]) -> list[int]:
    with RETENTION.as_if(durations):
        return [each.count_due() for each in terms]


def _said(count: int) -> str:
    return _n("%(num)s cette nuit", "%(num)s cette nuit", count)
