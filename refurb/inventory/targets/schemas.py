"""What a technician tells of a machine's worth."""

from marshmallow import Schema

from refurb.inventory.targets.words import COSMETICS, Cosmetic
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Word


class TargetTold(Schema):
    """What no tool measures."""

    cosmetic = Word(
        Cosmetic, _l("Aspect"), labels=COSMETICS, help=_l("Il est dit à part : il ne change ni les points, ni la catégorie calculée.")
    )
    cpu_mark = Number(
        _l("Indice du processeur"),
        min=1,
        max=300_000,
        help=_l("Celui de PassMark, lu sur cpubenchmark.net ou mesuré. Sans lui, il est estimé d'après le nom du processeur."),
    )
