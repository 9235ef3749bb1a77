"""The workshop's rooms: every page of it that is not opened each hour, on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from refurb.inventory.evidence.queries.review import unmatched_count
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.referrals.aftersales.queries import count_open
from refurb.referrals.bags.queries import count_bags
from refurb.reporting.views.blueprint import blueprint


@dataclass(frozen=True)
class Room:
    """One page of the workshop: what it is for, where it is, and how much waits there."""

    icon: str
    title: Any
    text: Any
    path: str
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Group:
    """Rooms that belong together."""

    key: str
    title: Any
    rooms: tuple[Room, ...]


GROUPS = (
    Group(
        "machines",
        _l("Les machines"),
        (
            Room("laptop", _l("Appareils"), _l("Toutes les machines : chercher, filtrer, cocher."), "/appareils"),
            Room("layers", _l("Tableau"), _l("Qui attend où, et depuis quand."), "/atelier/tableau"),
            Room("scan-barcode", _lp("scan", "Lot"), _l("Une même étape pour beaucoup d'étiquettes."), "/atelier/lot"),
            Room("gift", _l("Dons"), _l("Ce qui arrive, ce qui est arrivé, ses documents."), "/dons"),
            Room("copy", _l("Doublons"), _l("Les machines que l'on croit avoir déjà vues."), "/doublons"),
            Room(
                "megaphone",
                _lp("ticket", "Pannes"),
                _l("Ce que les familles signalent : conseiller, réparer, échanger."),
                "/pannes",
                count_open,
            ),
            Room(
                "package-open",
                _l("Sacs à préparer"),
                _l("Ce qui part avec chaque appareil, pour qui vient d'abord."),
                "/remises/sacs",
                count_bags,
            ),
            Room("printer", _l("Étiquettes"), _l("Des codes à imprimer d'avance, à coller puis à scanner."), "/etiquettes/avance"),
        ),
    ),
    Group(
        "data",
        _l("Les données"),
        (
            Room(
                "triangle-alert",
                _l("À revoir"),
                _l("Les preuves et les déclarations d'effacement qui attendent quelqu'un."),
                "/effacements",
                unmatched_count,
            ),
            Room("hard-drive", _l("Supports"), _l("Chaque disque : où il est, ce qui le prouve."), "/supports"),
            Room(
                "file-up",
                _l("Déposer un rapport"),
                _l("Le journal d'un effacement, pour un ou plusieurs supports."),
                "/effacements/deposer",
            ),
            Room("usb", _l("Postes"), _l("Les clés de démarrage qui lisent les machines et envoient leurs rapports."), "/postes"),
            Room("list-checks", _l("Listes de contrôles"), _l("Ce que l'on vérifie, par nature de machine."), "/reglages/controles"),
        ),
    ),
    Group(
        "things",
        _l("Les pièces et les sorties"),
        (
            Room("settings", _l("Pièces"), _l("Le stock de pièces, ce qui manque bientôt."), "/pieces"),
            Room("recycle", _l("Déchets"), _l("Les lots remis à l'opérateur de déchets, et leur registre."), "/dechets"),
            Room("calendar-days", _l("Horaires et fermetures"), _l("Quand quelqu'un est là, et les jours fermés à venir."), "/lieux"),
            Room(
                "bus", _lp("rota", "Itinérance"), _l("Les arrêts de chaque semaine, les fermetures, l'année des communes."), "/itinerance"
            ),
            Room(
                "users",
                _lp("navigation", "Visites"),
                _l("Qui vient aux arrêts et aux accueils, pour quoi : compter, et les chiffres."),
                "/visites/chiffres",
            ),
            Room(
                "chart-column",
                _l("Chiffres"),
                _l("Reçus, reconditionnés, remis ; visites, prêts ; qui paie, et d'où vient chaque nombre."),
                "/chiffres",
            ),
            Room("chart-column", _l("Chiffres de l'atelier"), _l("Ce qui passe à l'atelier, et à quelle vitesse."), "/chiffres/atelier"),
            Room("building-2", _l("Structures"), _l("Qui donne, oriente, emprunte : fiches, contacts, conventions."), "/structures"),
        ),
    ),
)


@blueprint.get("/atelier")
@requires(Permission.DEVICE_WORK)
def rooms(actor: Actor) -> Response:
    """The rooms that this actor may enter, with what waits in each."""
    groups = [
        (group, [(room, room.count(actor) if room.count else 0) for room in group.rooms if _is_open(room, actor)]) for group in GROUPS
    ]
    return page("reporting/rooms.html", groups=[(group, found) for group, found in groups if found])


def _is_open(room: Room, actor: Actor) -> bool:
    """Whether the address leads to a page of this service that the actor may open."""
    try:
        endpoint, _values = current_app.url_map.bind_to_environ(request.environ).match(room.path, method="GET")
    except HTTPException:
        return False
    access = getattr(current_app.view_functions[endpoint], "access", ())
    return access == "public" or any(actor.may(each) for each in access)
