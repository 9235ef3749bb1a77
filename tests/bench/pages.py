"""Which pages are measured: by whom each is asked, over which addresses, and the word by which its answer is known to be the right one."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.codes import spell
from tests.bench.load import Ask, Visitor
from tests.bench.seed import Stock
from tests.bench.service import Service

# Several: what is looked for differs, and so does its cost.
COMMON = {"latitude": "Latitude", "840+g5": "EliteBook", "thinkpad+t480s": "ThinkPad"}
NOWHERE = "zzqxv"


def pages(service: Service, stock: Stock) -> dict[str, list[Ask]]:
    """Under the name of its figures, what is asked in turn."""
    office = service.sign_in(Role.ADMIN)
    kinds = _of_one_device(stock, office) | _lists(stock, office) | _searches(stock, office) | _homes(service)
    for size, reference in stock.donations.items():
        kinds[f"donation_{size}"] = [Ask(office, f"/dons/{reference}", reference)]
    return kinds


def _of_one_device(stock: Stock, office: Visitor) -> dict[str, list[Ask]]:
    door = Visitor({"Authorization": f"Bearer {stock.secret}"})
    return {
        "scan_page": [Ask(office, f"/S/{code}", spell(code)) for code in stock.codes],
        "scan_json": [Ask(door, f"/api/v1/scan/{code}", code) for code in stock.codes],
        "device_page": [Ask(office, f"/appareils/{code}", spell(code)) for code in stock.codes],
    }


def _lists(stock: Stock, office: Visitor) -> dict[str, list[Ask]]:
    asked = {
        "list": ("/appareils", "LIFEBOOK"),
        "list_category": ("/appareils?tri=categorie", "LIFEBOOK"),
        "list_state": ("/appareils?etat=ready", "LIFEBOOK"),
        "board": ("/atelier/tableau", "LIFEBOOK"),
        "board_list": ("/atelier/tableau?vue=liste", "LIFEBOOK"),
        "throughput": ("/chiffres/atelier", "DN-2026-"),
        "drives": ("/supports", "DR0"),
        "waiting": ("/attente", "OR-2026-"),
        "donations": ("/dons", "DN-2026-"),
        "loans": ("/prets", "PR-2026-"),
        "handovers": ("/remises", "OR-2026-"),
    }
    return {name: [Ask(office, path, word)] for name, (path, word) in asked.items()}


def _searches(stock: Stock, office: Visitor) -> dict[str, list[Ask]]:
    """`search` is the mix that people type; the others tell each kind apart."""

    def search(words: str, found: str) -> Ask:
        return Ask(office, f"/appareils?q={words}", found)

    half = search(spell(stock.codes[0])[:4].lower(), spell(stock.codes[0]))
    common = [search(words, found) for words, found in COMMON.items()]
    serials = [search(serial, serial) for serial in stock.serials]
    # The middle of one number, which few others hold.
    middles = [search(serial[4:9], serial[4:9]) for serial in stock.serials]
    return {
        "search": [*common, half, search("sn0000012", "SN0000012")],
        "search_common": common,
        "search_serial": serials,
        "search_middle": middles,
        "search_nothing": [search(NOWHERE, NOWHERE)],
    }


def _homes(service: Service) -> dict[str, list[Ask]]:
    words = {
        Role.TECHNICIAN: "Mesure",
        Role.COORDINATOR: "Mesure",
        Role.OBSERVER: "Ordinateurs remis",
        Role.PRESCRIBER: "OR-2026-",
    }
    homes = {f"home_{role.value}": [Ask(service.sign_in(role), "/", word)] for role, word in words.items()}
    return homes | {"counter": [Ask(service.sign_in(Role.DESK), "/comptoir", "Comptoir")]}
