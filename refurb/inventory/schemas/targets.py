"""What a technician tells of a machine's worth."""

from marshmallow import Schema

from refurb.inventory.words.targets import COSMETICS, Cosmetic
from refurb.kernel.fields import Number, Word
from refurb.kernel.words import _l


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
