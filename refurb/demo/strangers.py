"""Who reserves in the public catalogue of the demonstration: confirmed by the link, not yet, by telephone, waiting for an answer."""

from datetime import date
from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.agenda.queries import days_of
from refurb.lending.catalogue.actions import ask_online, confirm_online
from refurb.lending.catalogue.queries import spot_of, stay_at_stop
from refurb.lending.catalogue.road import stops
from refurb.lending.terms import loan_policy


def plan_strangers(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is asked for without an account."""
    told = partial(_plan, cast, diary)
    told(3, "Inès Marchadier", "microbit-1", (-3, -12), email="ines.marchadier@courriel.example", confirms=True)
    told(2, "Gaël Tessier-Roy", "mending-1", (-2, -8), email="gael.tessier@courriel.example", confirms=True)
    told(1, "Lucette Bernardin", "robots-2", (-8, -14), phone="+33639987150")
    told(1, "Yohan Ferré", "printer-1", (-26, -30), email="yohan.ferre@courriel.example")
    at_the_bus = partial(_plan_at_stop, cast, diary)
    at_the_bus(2, "Capucine Aubrun", "microbit-2", "Charroux", email="capucine.aubrun@courriel.example", confirms=True)
    at_the_bus(1, "Léonce Bardeau", "tablet-4", "Gençay", phone="+33639987151")


def _plan(
    cast: Cast, diary: Diary, ago: int, name: str, thing: str, days: tuple[int, int],
    *, email: str | None = None, phone: str | None = None, confirms: bool = False,
) -> None:  # fmt: skip
    def _ask() -> None:
        item = cast.items[thing]
        first, last = (_open(diary.day(each), item.site_id) for each in days)
        made = ask_online(
            source=name, name=name, email=email, phone=phone, product_id=item.product_id, quantity=1, from_on=first, to_on=last,
            site_id=item.site_id,
        )  # fmt: skip
        if confirms:
            confirm_online(made)

    diary.note(ago, "18:45", _ask)


def _plan_at_stop(
    cast: Cast, diary: Diary, ago: int, name: str, thing: str, commune: str,
    *, email: str | None = None, phone: str | None = None, confirms: bool = False,
) -> None:  # fmt: skip
    def _ask() -> None:
        item = cast.items[thing]
        stop = next(each for each in stops() if each.commune == commune)
        stay = stay_at_stop(item.product, stop, None, None)
        if stay is None or not spot_of(item.product, stay).free:
            return
        made = ask_online(
            source=name, name=name, email=email, phone=phone, product_id=item.product_id, quantity=1, from_on=stay.from_on,
            to_on=stay.to_on, site_id=stay.keeper.id, handover_id=stop.id,
        )  # fmt: skip
        if confirms:
            confirm_online(made)

    diary.note(ago, "19:10", _ask)


def _open(day: date, site_id: int) -> date:
    return loan_policy().next_open(day, days_of(site_id))
