"""What was announced, what came, what was not taken and what is missing: the one count that pages, papers and mails tell."""

from dataclasses import dataclass

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.speech.words import _, _n


@dataclass(frozen=True)
class LineCount:
    """What was announced and what came, of one kind.

    `received` is what was counted and kept, None until it was counted; `refused` came too, and stays its donor's: before it had a code or
    after. `announced_first` is what was announced before the donor's list named its machines, where the list says otherwise.
    """

    announced: int
    received: int | None
    refused: int = 0
    announced_first: int | None = None

    @property
    def gap(self) -> int:
        """How many came beyond those announced, below nothing where some are missing; nothing before anybody counted."""
        return 0 if self.received is None else self.received + self.refused - self.announced

    @property
    def missing(self) -> int:
        """How many were announced and did not come. What came and was refused is not missing."""
        return max(0, -self.gap)

    @property
    def extra(self) -> int:
        """How many came that nobody had announced."""
        return max(0, self.gap)


@dataclass(frozen=True)
class Arrival:
    """The counts of a donation, kind by kind. Nine laptops and a printer are not ten laptops: what is missing is counted by kind."""

    kinds: tuple[tuple[DeviceKind, LineCount], ...]

    @property
    def announced(self) -> int:
        """How many were announced."""
        return sum(each.announced for _kind, each in self.kinds)

    @property
    def received(self) -> int:
        """How many were counted and kept."""
        return sum(each.received or 0 for _kind, each in self.kinds)

    @property
    def refused(self) -> int:
        """How many came and were not taken."""
        return sum(each.refused for _kind, each in self.kinds)

    @property
    def missing(self) -> int:
        """How many did not come."""
        return sum(each.missing for _kind, each in self.kinds)

    @property
    def extra(self) -> int:
        """How many came unannounced."""
        return sum(each.extra for _kind, each in self.kinds)

    @property
    def gap(self) -> int:
        """What came, less what was announced."""
        return self.extra - self.missing

    @property
    def announced_first(self) -> tuple[tuple[DeviceKind, int], ...]:
        """What the donor had announced before the list, of the kinds for which the list says otherwise."""
        return tuple((kind, each.announced_first) for kind, each in self.kinds if each.announced_first is not None)


def difference(line: LineCount) -> tuple[str, str]:
    """The tone and the words of a line's difference, in full where there is one: « 10 annoncés, 8 reçus, 1 refusé : 1 manque »."""
    if line.received is None:
        return "todo", _("pas encore compté")
    if line.received == line.announced and not line.refused:
        return "ok", _("le compte y est")
    came = _n("%(num)s reçu", "%(num)s reçus", line.received)
    if line.refused:
        came = _("%(said)s, %(came)s", said=came, came=_n("%(num)s refusé", "%(num)s refusés", line.refused))
    if line.announced == 0:
        return "wait", _("%(came)s sans être annoncé", came=came)
    both = _("%(said)s, %(came)s", said=_n("%(num)s annoncé", "%(num)s annoncés", line.announced), came=came)
    if line.missing:
        return "wait", _("%(both)s : %(gap)s", both=both, gap=_n("%(num)s manque", "%(num)s manquent", line.missing))
    if line.extra:
        return "wait", _("%(both)s : %(gap)s", both=both, gap=_n("%(num)s en plus", "%(num)s en plus", line.extra))
    return "ok", _("%(both)s : le compte y est", both=both)
