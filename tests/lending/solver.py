"""Whether some days can be dealt out to some things at all, by trying everything: what the product's quicker answer is measured by."""

from bisect import insort

PATIENCE = 20_000


def can_place(items, fixed, wants):
    """Whether every want (starts, until) finds a thing of its own, beside what is fixed (thing, starts, until).

    None where it would take too long to know.
    """
    busy = {item: sorted((starts, until) for thing, starts, until in fixed if thing == item) for item in items}
    order, tried = sorted(wants), [0]

    def place(at):
        if at == len(order):
            return True
        tried[0] += 1
        if tried[0] > PATIENCE:
            raise TimeoutError
        starts, until = order[at]
        seen = set()
        for item in items:
            days = busy[item]
            if tuple(days) in seen or any(first < until and last > starts for first, last in days):
                continue
            seen.add(tuple(days))  # Two things that are taken alike are one try.
            insort(days, (starts, until))
            if place(at + 1):
                return True
            days.remove((starts, until))
        return False

    try:
        return place(0)
    except TimeoutError:
        return None


def how_many_more(items, fixed, wants, starts, until):
    """How many more of some days find a thing; None where it would take too long to know."""
    more = 0
    while more < len(items):
        answer = can_place(items, fixed, [*wants, *[(starts, until)] * (more + 1)])
        if answer is None:
            return None
        if not answer:
            break
        more += 1
    return more
