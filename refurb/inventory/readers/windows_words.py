"""The labels of Windows' own reports (msinfo32, systeminfo) in the languages that come to a French bench."""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    # English
    "system manufacturer": "manufacturer",
    "system model": "model",
    "processor": "cpu",
    "processor(s)": "cpu",
    "installed physical memory (ram)": "ram",
    "total physical memory": "ram_seen",
    "system serial number": "serial",
    "platform role": "role",
    # French
    "fabricant": "manufacturer",
    "fabricant du système": "manufacturer",
    "fabricant système": "manufacturer",
    "modèle": "model",
    "modèle du système": "model",
    "modèle système": "model",
    "processeur": "cpu",
    "processeur(s)": "cpu",
    "mémoire physique (ram) installée": "ram",
    "mémoire physique installée (ram)": "ram",
    "mémoire physique totale": "ram_seen",
    "rôle de la plateforme": "role",
    # German
    "systemhersteller": "manufacturer",
    "systemmodell": "model",
    "prozessor": "cpu",
    "prozessor(en)": "cpu",
    "installierter physischer speicher (ram)": "ram",
    "gesamter physischer speicher": "ram_seen",
    "gesamter realer speicher": "ram_seen",
    "plattformrolle": "role",
    # Spanish
    "fabricante del sistema": "manufacturer",
    "modelo del sistema": "model",
    "el sistema modelo": "model",
    "modelo el sistema": "model",
    "procesador": "cpu",
    "procesador(es)": "cpu",
    "memoria física instalada (ram)": "ram",
    "memoria física total": "ram_seen",
    "cantidad total de memoria física": "ram_seen",
    # Italian
    "produttore sistema": "manufacturer",
    "modello sistema": "model",
    "processore": "cpu",
    "processore(i)": "cpu",
    "memoria fisica installata (ram)": "ram",
    "memoria fisica totale": "ram_seen",
    # Portuguese
    "fabricante do sistema": "manufacturer",
    "modelo do sistema": "model",
    "memória física (ram) instalada": "ram",
    "memória física total": "ram_seen",
}
"""What a line of the summary tells, by its label in lower case."""

DISK_LABELS: Mapping[str, str] = {
    "model": "model",
    "modèle": "model",
    "modell": "model",
    "modelo": "model",
    "modello": "model",
    "size": "size",
    "taille": "size",
    "größe": "size",
    "tamaño": "size",
    "dimensione": "size",
    "dimensioni": "size",
    "tamanho": "size",
    "media type": "kind",
    "type de média": "kind",
    "type de support": "kind",
    "medientyp": "kind",
    "tipo de medio": "kind",
    "tipo supporto": "kind",
}
"""What a line about a disk tells."""

MAC_LABELS = frozenset({"mac address", "adresse mac", "mac-adresse", "dirección mac", "indirizzo mac", "endereço mac"})
PORTABLE_ROLES = frozenset({"mobile", "portable", "mobil", "móvil", "dispositivo mobile"})
DESKTOP_ROLES = frozenset({"desktop", "bureau", "escritorio", "workstation", "station de travail"})
REMOVABLE = ("removable", "amovible", "wechsel", "extraíble", "rimovibil", "removível", "external", "externe")
