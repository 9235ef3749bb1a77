"""What comes in about devices."""

from marshmallow import Schema

from refurb.inventory.words.devices import DEVICE_KINDS, FLAG_KINDS, DeviceKind, FlagKind
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Text, Word


class OneMore(Schema):
    """A device that is entered by itself."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    code = Text(
        _l("Code d'une étiquette déjà posée"),
        help=_l("Si une étiquette imprimée d'avance est collée : scannez-la. Sinon, un code est créé."),
        max=200,
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class DeviceFacts(Schema):
    """What somebody corrects about a device."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    manufacturer = Text(_l("Fabricant"), max=120)
    model = Text(_l("Modèle"), max=160)
    serial = Text(
        _l("N° de série"),
        help=_l("Celui de l'étiquette du fabricant, au dos ou sous la batterie."),
        max=120,
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class NewFlag(Schema):
    """Something that blocks a device beside its state."""

    kind = Word(FlagKind, _l("Ce qui bloque"), labels=FLAG_KINDS, required=True, widget="radio")
    note = Text(_l("Ce qu'il faut savoir"), help=_l("Par exemple : rayure de 4 cm, coin droit de l'écran."), max=300)


class FlagToLift(Schema):
    """Which flag is lifted."""

    kind = Word(FlagKind, _l("Ce qui bloque"), labels=FLAG_KINDS, required=True)
