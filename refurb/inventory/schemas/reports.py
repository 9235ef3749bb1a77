"""What comes in about reports and drives."""

from marshmallow import Schema

from refurb.inventory.readers.text import MAX_BYTES
from refurb.kernel.fields import File
from refurb.kernel.words import _l

_HEAVY = {"data-max-bytes": str(MAX_BYTES), "data-too-big": _l("{name} est trop lourd : un rapport d'outil pèse moins de 4 Mo.")}


class HardwareFiles(Schema):
    """What hardware tools said of one device."""

    files = File(
        _l("Fichiers de lshw et de smartctl"),
        help=_l("Un ou plusieurs fichiers, ensemble : la sortie de « lshw -json » et celle de « smartctl --json »."),
        required=True,
        attrs={"multiple": True, "accept": ".json,.txt,.log,application/json,text/plain", **_HEAVY},
    )


class ErasureFile(Schema):
    """What an erasing tool said."""

    file = File(
        _l("Journal de nwipe ou de ShredOS"),
        help=_l("Le fichier texte que l'outil a écrit, en entier. Le PDF ne suffit pas."),
        required=True,
        attrs={"accept": ".log,.txt,text/plain", **_HEAVY},
    )
