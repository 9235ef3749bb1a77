"""What was announced beside what arrived, in words."""

from refurb.kernel.speech.words import _, _n


def difference(announced: int, received: int | None, refused: int = 0) -> tuple[str, str]:
    """The tone and the words of a line's difference, in full where there is one: « 10 annoncés, 8 reçus, 1 refusé : 1 manque »."""
    if received is None:
        return "todo", _("pas encore compté")
    if received == announced and not refused:
        return "ok", _("le compte y est")
    came = _n("%(num)s reçu", "%(num)s reçus", received)
    if refused:
        came = _("%(said)s, %(came)s", said=came, came=_n("%(num)s refusé", "%(num)s refusés", refused))
    if announced == 0:
        return "wait", _("%(came)s sans être annoncé", came=came)
    both = _("%(said)s, %(came)s", said=_n("%(num)s annoncé", "%(num)s annoncés", announced), came=came)
    gap = received + refused - announced
    if gap == 0:
        return "ok", _("%(both)s : le compte y est", both=both)
    if gap < 0:
        return "wait", _("%(both)s : %(gap)s", both=both, gap=_n("%(num)s manque", "%(num)s manquent", -gap))
    return "wait", _("%(both)s : %(gap)s", both=both, gap=_n("%(num)s en plus", "%(num)s en plus", gap))
