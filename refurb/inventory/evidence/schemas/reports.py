"""What comes in about reports and drives."""

from marshmallow import Schema

from refurb.inventory.readers.erasure.certificate_text import MAX_BYTES as MAX_CERTIFICATE_BYTES
from refurb.inventory.readers.text import MAX_BYTES
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import File, Moment

_HEAVY = {"data-max-bytes": str(MAX_BYTES), "data-too-big": _l("{name} est trop lourd : un rapport d'outil pèse moins de 4 Mo.")}


class HardwareFiles(Schema):
    """What hardware tools said of one device."""

    files = File(
        _l("Fichiers des outils d'inventaire"),
        help=_l(
            "Un ou plusieurs fichiers d'une même machine : lshw, dmidecode, smartctl, inxi, hwinfo, agent GLPI, Workbench, Windows, Mac."
        ),
        required=True,
        attrs={
            "multiple": True,
            "accept": ".json,.txt,.log,.xml,.yaml,.yml,.nfo,.spx,.csv,application/json,application/xml,text/plain",
            **_HEAVY,
        },
    )


class DonorCertificates(Schema):
    """What a donor hands over of erasures made before the gift."""

    file = File(
        _l("Certificats du donateur (PDF)"),
        help=_l("Blancco, WipeDrive, KillDisk, Certus, BitRaser… Un ou plusieurs PDF, gardés tels quels."),
        required=True,
        attrs={
            "multiple": True,
            "accept": ".pdf,application/pdf",
            "data-max-bytes": str(MAX_CERTIFICATE_BYTES),
            "data-too-big": _l("{name} est trop lourd : un certificat pèse moins de 16 Mo, un journal moins de 4 Mo."),
        },
    )


class ErasureFiles(Schema):
    """What erasing tools said."""

    file = File(
        _l("Rapports d'effacement"),
        help=_l(
            "Journal ou certificat PDF de nwipe ou de ShredOS, sortie de hdparm ou de nvme, instantané d'eReuse, XML de Blancco. "
            "Plusieurs fichiers à la fois si besoin : pour nvme, « sanitize-log -o json » (ou « -H ») et « id-ctrl » du même support ; "
            "pour hdparm, « -I » après l'effacement."
        ),
        required=True,
        attrs={
            "multiple": True,
            "accept": ".log,.txt,.pdf,.json,.yaml,.xml,text/plain,application/pdf,application/json,text/xml",
            "data-max-bytes": str(MAX_CERTIFICATE_BYTES),
            "data-too-big": _l("{name} est trop lourd : un certificat pèse moins de 16 Mo, un journal moins de 4 Mo."),
        },
    )
    ended_at = Moment(
        _l("Fin de l'effacement, si les fichiers ne la disent pas"),
        help=_l("hdparm et nvme n'écrivent aucune date. Votre nom reste dans l'historique avec celle que vous donnez ici."),
        past=True,
    )
