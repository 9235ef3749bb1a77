"""What comes in about drives: their identity, where they are put, how they were erased by hand, how they were destroyed."""

from marshmallow import Schema

from refurb.inventory.words.drives import MEDIA, Medium
from refurb.inventory.words.erasures import PROOF_FATES, VERIFICATIONS, ProofFate
from refurb.inventory.words.techniques import DESTRUCTION_METHODS, RESETS, TECHNIQUE_LABELS, DestructionMethod, Technique
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Moment, Number, Pick, Picture, Text, Word

_SERIAL = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
# A memory of nothing is read by somebody: what is left are the ways of reading something.
READ_AGAIN = {key: label for key, label in VERIFICATIONS.items() if key != "none"}


class NewDrive(Schema):
    """A drive as somebody reads it on its label."""

    serial = Text(
        _l("N° de série du support"),
        help=_l("Celui de l'étiquette du support lui-même. Laissez vide s'il est illisible."),
        max=120,
        attrs=_SERIAL,
    )
    medium = Word(Medium, _l("Type de support"), labels=MEDIA, required=True)
    manufacturer = Text(_l("Fabricant"), max=120)
    model = Text(_l("Modèle"), max=160)
    size_gb = Number(_l("Capacité en Go"), help=_l("Telle qu'elle est imprimée : 256, 500, 1000."), min=1, max=200_000)


class DriveCorrection(NewDrive):
    """What somebody corrects about a drive."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class DriveToFind(Schema):
    """Which drive is put in a machine."""

    drive = Text(
        _l("N° de série ou repère du support"),
        help=_l("Scannez l'étiquette du support, ou tapez son repère : S-142."),
        required=True,
        max=120,
        attrs=_SERIAL,
    )


class DeviceToFind(Schema):
    """Which machine a drive is put in."""

    code = Text(_l("Code de la machine"), help=_l("Scannez son étiquette."), required=True, max=200, attrs=_SERIAL)


class _Stated(Schema):
    """What is stated of any erasure that no tool has logged."""

    tool = Text(_l("Outil, ou système de l'appareil"), help=_l("Par exemple : BIOS HP, Samsung Magician, Android."), required=True, max=64)
    tool_version = Text(_l("Version"), max=64)
    started_at = Moment(_l("Début"), past=True)
    ended_at = Moment(_l("Fin"), required=True, past=True)


class StatedErasure(_Stated):
    """A drive erased with a tool that writes no log."""

    medium = Word(Medium, _l("Type de support"), labels=MEDIA, help=_l("Demandé quand aucun outil ne l'a lu."))
    technique = Word(Technique, _l("Technique"), labels=TECHNIQUE_LABELS, required=True)
    verification = Text(_l("Vérification"), required=True, widget="select", choices=lambda: list(READ_AGAIN.items()))
    photo = Picture(_l("Photo de l'écran de fin"))

    class Meta:
        fields = ("medium", "technique", "tool", "tool_version", "started_at", "ended_at", "verification", "photo")
        ordered = True


class StatedReset(_Stated):
    """The soldered memory of a tablet or a telephone, reset by the device itself."""

    technique = Word(
        Technique, _l("Ce qui a été fait"), labels={each: TECHNIQUE_LABELS[each] for each in RESETS}, required=True, widget="radio"
    )
    photo = Picture(_l("Photo de l'écran de premier démarrage"))

    class Meta:
        fields = ("technique", "tool", "tool_version", "started_at", "ended_at", "photo")
        ordered = True


class NewDestruction(Schema):
    """How a drive was destroyed."""

    method = Word(DestructionMethod, _l("Comment a-t-il été détruit ?"), labels=DESTRUCTION_METHODS, required=True, widget="radio")
    note = Text(_l("Précisions"), help=_l("Par exemple : plateaux percés en trois points."), required=True, max=300)
    witness_id = Pick(_l("Témoin"), help=_l("Qui l'a vu, et le confirmera sous son propre compte. Vide : n'importe quelle autre personne."))
    photo = Picture(_l("Photo du support détruit"))
    slip = Text(_l("Bordereau de l'opérateur de déchets"), help=_l("S'il n'est pas encore connu, il se complète plus tard."), max=80)


class Slip(Schema):
    """The waste slip of a destroyed drive."""

    slip = Text(_l("Bordereau de l'opérateur de déchets"), required=True, max=80)


class Why(Schema):
    """Why something is attached, set aside or declined."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class ProofDecision(Schema):
    """What a proof is worth that today's rules would refuse."""

    fate = Word(ProofFate, _l("Cette preuve compte-t-elle encore ?"), labels=PROOF_FATES, required=True, widget="radio")
    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class Attachment(Why):
    """To which drive evidence is attached."""

    drive_id = Number(_l("Support"), required=True, max=2**31 - 1)
