"""The navigation: at most five entries for each role, with what waits behind them."""

from refurb.accounts.people.views import to_look_at
from refurb.directory.rota.queries import count_missing_decisions
from refurb.inventory.donations.queries.donations import donations_to_answer
from refurb.inventory.evidence.queries.review import unmatched_count
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.wired import NavEntry
from refurb.kernel.speech.words import _l, _lp
from refurb.lending.loans.queries import late_count
from refurb.lending.series.queries import count_workshops
from refurb.referrals.aftersales.queries import count_open
from refurb.referrals.cases.queries.allocations import count_to_hand_over
from refurb.referrals.cases.queries.referrals import count_to_answer, count_to_decide
from refurb.referrals.committees.queries import count_open_committees

_OFFICE = (
    NavEntry("house", _l("Accueil"), "reporting.home"),
    NavEntry("wrench", _l("Atelier"), "reporting.rooms"),
    NavEntry("list-ordered", _lp("navigation", "Attente"), "referrals.waiting", count_to_decide),
    NavEntry("calendar-check", _l("Remises"), "referrals.handovers", count_to_hand_over),
    NavEntry("gift", _l("Dons"), "inventory.donations_list", donations_to_answer),
)

NAVIGATION: dict[Role, tuple[NavEntry, ...]] = {
    Role.COORDINATOR: _OFFICE,
    Role.ADMIN: (
        NavEntry("house", _l("Accueil"), "reporting.home"),
        NavEntry("users", _l("Comptes"), "people.people_list", to_look_at),
        NavEntry("wrench", _l("Atelier"), "reporting.rooms"),
        NavEntry("list-ordered", _lp("navigation", "Attente"), "referrals.waiting", count_to_decide),
        NavEntry("gift", _l("Dons"), "inventory.donations_list", donations_to_answer),
    ),
    Role.TECHNICIAN: (
        NavEntry("house", _l("Accueil"), "reporting.home"),
        NavEntry("scan-line", _l("Scanner"), "inventory.scanner"),
        NavEntry("scan-barcode", _lp("scan", "Lot"), "inventory.batch"),
        NavEntry("layers", _l("Tableau"), "reporting.board"),
        NavEntry("wrench", _l("Atelier"), "reporting.rooms", unmatched_count),
    ),
    Role.OBSERVER: (NavEntry("chart-column", _l("Chiffres"), "reporting.home"),),
    Role.PRESCRIBER: (
        NavEntry("house", _l("Accueil"), "reporting.home"),
        NavEntry("hand-heart", _l("Orienter"), "referrals.write"),
        NavEntry("clipboard-list", _l("Mes orientations"), "referrals.referrals", count_to_answer),
    ),
    Role.FACILITATOR: (
        NavEntry("package", _l("Emprunter"), "lending.new_workshop"),
        NavEntry("calendar-check", _l("Nos réservations"), "lending.workshops", count_workshops),
    ),
    Role.DOCK: (
        NavEntry("gift", _l("Dons"), "inventory.donations_list", donations_to_answer),
        NavEntry("scan-line", _l("Scanner"), "inventory.scanner"),
    ),
    # Her home is behind the name of the house, above every page: on the road five places are for what is done there.
    Role.ADVISER: (
        NavEntry("users", _lp("navigation", "Visites"), "visits.count"),
        NavEntry("scan-line", _l("Comptoir"), "lending.counter"),
        NavEntry("bus", _lp("rota", "Tournée"), "rota.overview", count_missing_decisions),
        NavEntry("clipboard-list", _l("Mes orientations"), "referrals.referrals", count_to_answer),
        NavEntry("calendar-check", _l("Remises"), "referrals.handovers", count_to_hand_over),
    ),
    Role.VISITOR: (NavEntry("house", _l("Mes visites du jour"), "referrals.visits"),),
    Role.ORGANISER: (NavEntry("party-popper", _lp("role", "Cérémonies"), "ceremonies.ceremonies"),),
    Role.MEMBER: (NavEntry("users", _l("Commissions"), "referrals.committees", count_open_committees),),
    Role.TRAINER: (
        NavEntry("cog", _lp("fablab", "Machines"), "lending.machine_list"),
        NavEntry("package", _lp("navigation", "Emprunter"), "lending.catalogue"),
    ),
    Role.DESK: (
        NavEntry("scan-line", _l("Comptoir"), "lending.counter"),
        NavEntry("calendar-days", _lp("planning", "Planning"), "lending.planning"),
        NavEntry("package-open", _l("Prêts"), "lending.loan_list", late_count),
        NavEntry("package", _l("Matériel"), "lending.item_list"),
        NavEntry("megaphone", _lp("ticket", "Pannes"), "referrals.tickets", count_open),
    ),
}
