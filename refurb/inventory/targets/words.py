"""What a machine is worth: its category, what is met and missed, how it looks."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class Category(StrEnum):
    """The computed grade, as the published grid names it."""

    PREMIUM = "PREMIUM"
    A = "A"
    B = "B"
    C = "C"
    HC = "HC"
    UNSELLABLE = "INVENDABLE"


CATEGORIES = {
    Category.PREMIUM: _l("Premium"),
    Category.A: _l("A"),
    Category.B: _l("B"),
    Category.C: _l("C"),
    Category.HC: _l("Hors catégorie"),
    Category.UNSELLABLE: _l("Invendable"),
}


class Verdict(StrEnum):
    """Whether something is met; what no report tells is unknown, never assumed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Cosmetic(StrEnum):
    """How a machine looks, said by whoever holds it."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


COSMETICS = {
    Cosmetic.A: _l("A : comme neuf"),
    Cosmetic.B: _l("B : traces légères"),
    Cosmetic.C: _l("C : traces visibles"),
    Cosmetic.D: _l("D : abîmé, mais entier"),
}


class FigureOf(StrEnum):
    """What a figure is about."""

    CPU = "cpu"
    CPU_YEAR = "cpu_year"
    RAM = "ram"
    STORAGE = "storage"
    SOLID_STATE = "solid_state"
    SCREEN = "screen"
    BATTERY = "battery"
    TPM = "tpm"
    SECURE_BOOT = "secure_boot"


PARTS = {
    FigureOf.CPU: _l("Processeur"),
    FigureOf.CPU_YEAR: _l("Âge du processeur"),
    FigureOf.RAM: _l("Mémoire"),
    FigureOf.STORAGE: _l("Stockage"),
    FigureOf.SOLID_STATE: _l("Support sans disque tournant"),
    FigureOf.SCREEN: _l("Largeur d'écran"),
    FigureOf.BATTERY: _lp("component of a target", "Batterie"),
    FigureOf.TPM: _l("Module TPM"),
    FigureOf.SECURE_BOOT: _l("UEFI et démarrage sécurisé"),
}
