"""The organisation's colour: the values that follow from it by day and by night, each contrast computed; what cannot be read is refused.

Contrast is that of WCAG 2.1 (relative luminance, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio): 4.5 to 1 for text (1.4.3). A button
of this colour on our grounds needs 3 to 1 (1.4.11), which the words in the same colour on the same grounds ask more of.
"""

import colorsys
import re
from dataclasses import dataclass

LEAST = 4.5
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
DEFAULT = "#0B5563"
# The values of tokens.css that the five are read on, by day and by night; a test compares them.
GROUNDS = {
    "day": {"paper": "#F6F2EA", "surface": "#FFFFFF", "sunken": "#EDE7DB", "ink-2": "#575146"},
    "night": {"paper": "#191714", "surface": "#24211D", "sunken": "#131210", "ink-2": "#BDB5A6"},
}
STOP = "#A3201F"
"""The hue of what is refused: a main button near it would read as danger."""
NEAR_DEGREES = 25.0
COLOURLESS = 0.2
"""Saturation below which a colour has no hue to speak of: a brown, a grey."""


@dataclass(frozen=True)
class Five:
    """The values that are replaced together, each as #RRGGBB."""

    accent: str
    press: str
    ink: str
    soft: str
    text: str


@dataclass(frozen=True)
class ColourContrast:
    """One contrast: what is read where, and how well."""

    what: str
    ratio: float


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with this share of the other in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02X}" for a, b in pairs)


def _lit(colour: str, share: float) -> str:
    """The same hue nearer to white by this share; mixed with white it would turn grey."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    lit = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * share, saturation)
    return "#" + "".join(f"{round(255 * each):02X}" for each in lit)


def _luminance(colour: str) -> float:
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def by_day(colour: str) -> Five:
    """The five as they are in the light: the colour itself, white on it, darker when pressed."""
    return Five(colour, mixed(colour, "#000000", 0.25), "#FFFFFF", mixed(colour, "#FFFFFF", 0.87), colour)


def by_night(colour: str) -> Five:
    """The five in the dark: the colour made light enough for a dark ground, nearly black on it."""
    ground = GROUNDS["night"]
    light = next((each for step in range(51) if contrast(each := _lit(colour, step / 50), ground["surface"]) >= 7.5), "#FFFFFF")
    soft = next(each for step in range(51) if contrast(each := mixed(colour, ground["paper"], step / 50), ground["ink-2"]) >= 1.2 * LEAST)
    return Five(light, mixed(light, "#FFFFFF", 0.35), mixed(colour, "#0B0908", 0.8), soft, light)


def _readings(five: Five, ground: dict[str, str]) -> list[ColourContrast]:
    return [
        ColourContrast("button", contrast(five.ink, five.accent)),
        ColourContrast("pressed", contrast(five.ink, five.press)),
        *(ColourContrast("text", contrast(five.text, ground[name])) for name in ("paper", "surface", "sunken")),
        ColourContrast("soft", contrast(five.text, five.soft)),
        ColourContrast("help", contrast(ground["ink-2"], five.soft)),
    ]


def weakest(colour: str) -> ColourContrast:
    """The worst contrast that this colour leads to, by day or by night."""
    found = [*_readings(by_day(colour), GROUNDS["day"]), *_readings(by_night(colour), GROUNDS["night"])]
    return min(found, key=lambda each: each.ratio)


def is_alarming(colour: str) -> bool:
    """Whether the hue lies within `NEAR_DEGREES` of the one of what is refused."""
    hue, _lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    stop, _, _ = colorsys.rgb_to_hls(*_channels(STOP))
    apart = abs(hue - stop) * 360
    return saturation >= COLOURLESS and min(apart, 360 - apart) < NEAR_DEGREES


def style_sheet(colour: str) -> str:
    """What `/theme.css` says: the five by day, and by night for a screen that asks for dark colours."""
    night = f":root {{ {_declared(by_night(colour))} }}"
    return f":root {{ {_declared(by_day(colour))} }}\n@media screen and (prefers-color-scheme: dark) {{ {night} }}\n"


def _declared(five: Five) -> str:
    return (
        f"--accent: {five.accent}; --accent-press: {five.press}; --accent-ink: {five.ink}; "
        f"--accent-soft: {five.soft}; --accent-text: {five.text};"
    )
