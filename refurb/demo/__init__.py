"""The demonstration: a territory near Poitiers, everybody in it invented, filled in through the same deeds as on the screens."""

from datetime import timedelta

from flask import current_app

from refurb.accounts.demonstration import PASSWORD
from refurb.demo.appointments import plan_appointments
from refurb.demo.bench import plan_bench
from refurb.demo.counter import plan_counter
from refurb.demo.diary import Cast, Diary, Tell
from refurb.demo.dock import plan_dock
from refurb.demo.drives import plan_drives
from refurb.demo.endowments import plan_endowments
from refurb.demo.fablab import plan_fablab
from refurb.demo.families import plan_families
from refurb.demo.funding import plan_funding
from refurb.demo.gatherings import plan_gatherings
from refurb.demo.gifts import plan_gifts
from refurb.demo.intake import plan_intake
from refurb.demo.lists import plan_lists
from refurb.demo.news import plan_news
from refurb.demo.partners import plan_partners
from refurb.demo.people import plan_people, settle, who_is_who
from refurb.demo.places import plan_places, settle_places
from refurb.demo.pledges import plan_pledges
from refurb.demo.pool import plan_pool
from refurb.demo.privacy import plan_privacy
from refurb.demo.purchases import plan_purchases
from refurb.demo.receipts import plan_receipts
from refurb.demo.rota import plan_rota, settle_rota
from refurb.demo.rules import plan_rules
from refurb.demo.sheets import plan_sheets
from refurb.demo.sittings import plan_sittings
from refurb.demo.spares import plan_spares
from refurb.demo.strangers import plan_strangers
from refurb.demo.supplies import plan_supplies
from refurb.demo.tables import plan_tables
from refurb.demo.troubles import plan_troubles
from refurb.demo.visits import plan_visits
from refurb.demo.workshop import plan_workshop
from refurb.demo.worth import plan_worth
from refurb.directory.queries import home_organisation
from refurb.keeping.actions import note_backup
from refurb.keeping.backups import BackupOrder, make_backup, settings_of_instance
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now

BEGAN = timedelta(days=380)
"""How long ago the territory was founded, and began to lend."""
ON_THE_ROAD = timedelta(days=120)
"""How long ago the vans began their rounds."""


PLANS = (
    plan_partners,
    plan_gifts,
    plan_receipts,
    plan_intake,
    plan_lists,
    plan_tables,
    plan_workshop,
    plan_bench,
    plan_drives,
    plan_spares,
    plan_dock,
    plan_families,
    plan_gatherings,
    plan_endowments,
    plan_sittings,
    plan_appointments,
    plan_purchases,
    plan_troubles,
    plan_news,
    plan_counter,
    plan_pool,
    plan_pledges,
    plan_supplies,
    plan_strangers,
    plan_fablab,
    plan_sheets,
    plan_worth,
    plan_places,
    plan_rota,
    plan_visits,
    plan_funding,
    plan_people,
    plan_rules,
    plan_privacy,
)


class NotADemonstration(RuntimeError):
    """Invented people have no place in a real instance."""


def _nothing(_text: str) -> None:
    """Tell nobody."""


def fill(tell: Tell = _nothing) -> None:
    """Fill an empty demonstration; one that has begun is left as it is.

    Everything happens in one unit of work, so that a start that is interrupted leaves nothing behind and is simply made again. `tell`
    gets a line now and then for whoever waits. Raises `NotADemonstration` where the settings do not say that this is one.
    """
    if not current_app.config["DEMO"]:
        raise NotADemonstration("REFURB_DEMO is not true")
    if home_organisation() is not None:
        return
    tell("Démonstration : le territoire, ses partenaires et ses donateurs")
    cast, diary = Cast(), Diary()
    with unit_of_work():
        with at(now() - BEGAN):
            settle(cast)
            settle_places(cast)
        with at(now() - ON_THE_ROAD):
            settle_rota(cast)
        for plan in PLANS:
            plan(cast, diary)
        diary.live(tell)
    tell("Démonstration : la première sauvegarde")
    made = make_backup(BackupOrder(settings_of_instance().backups))
    with unit_of_work():
        note_backup(SERVICE, made.name, made.stat().st_size)


def how_to_sign_in(base_url: str) -> str:
    """Where to go and who may sign in, as a table for the terminal."""
    rows = who_is_who()
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    table = "\n".join(f"  {email:<{widths[0]}}  {name:<{widths[1]}}  {role}" for email, name, role in rows)
    return (
        f"\nRefurb, démonstration : {base_url}\n\nMot de passe de tous les comptes : {PASSWORD}\n\n{table}\n\n"
        "Les personnes, les machines et les chiffres sont inventés."
    )
