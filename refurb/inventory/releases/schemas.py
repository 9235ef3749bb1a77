"""What comes in about releases."""

from marshmallow import Schema, fields

from refurb.inventory.words.releases import LOCKS, RELEASE_PROOFS, Lock, ReleaseProof
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Many, Text, Word


def _numbers(*, required: bool) -> Many:
    return Many(
        fields.Integer(error_messages={"invalid": "field.choice"}), _l("Machines à libérer"), required=required,
        **({} if required else {"load_default": list}),
    )  # fmt: skip


class AskedLocks(Schema):
    """Which consoles claim the donor's machines."""

    locks = Many(
        Word(Lock, labels=LOCKS), _l("Ce qui les retient"), choices=lambda: [(each.value, LOCKS[each]) for each in LOCKS], required=True,
        help=_l("Le donateur le sait : demandez-le avant d'accepter."),
    )  # fmt: skip


class SaidReleased(Schema):
    """Which lines the donor says are done; those that are not told are not."""

    numbers = _numbers(required=False)


class ProvenReleases(Schema):
    """Which machines are free, and by what that is known."""

    numbers = _numbers(required=True)
    proof = Word(ReleaseProof, _l("Par quoi le sait-on"), labels=RELEASE_PROOFS, widget="radio", required=True)
    note = Text(_l("Ce qu'il faut savoir"), help=_l("Par exemple : export reçu le 3 mars. Pas de mot de passe, pas de nom."), max=300)
