"""The settings of a demonstration, written where nothing has been set up yet, so that `make run` just works; and never anywhere else."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from config.settings import CHECKOUT, PREFIX, SECRET_LENGTH, SETTINGS_FILE, SettingError, home_of, key_of, write_settings_file

REAL_HOMES: Final = CHECKOUT / ".homes"
"""The homes of real installations that were started from this checkout, a line each: one that is empty today is not new."""
_OF_NOBODY: Final = frozenset({"lost+found", ".gitkeep", ".DS_Store"})
# What may be told to a demonstration: where it is, that it is one, how it is reached. Anything else was meant for a real installation.
_HARMLESS: Final = frozenset(
    key_of(name) for name in ("home", "demo", "base_url", "listen", "language", "timezone", "argon2_time", "argon2_memory_kib")
)


def prepare_demo(environ: Mapping[str, str], real_homes: Path = REAL_HOMES) -> bool:
    """Write `settings.env` with a fresh secret key and `REFURB_DEMO=true`; say whether it had to be written.

    An installation that has its settings, in the file or a secret key in the environment, is left as it is. Raises `SettingError` where
    data lie without their settings, where the home of a real installation is missing, or where settings speak of a real one.
    """
    home = home_of(environ)
    if environ.get(key_of("secret_key")) or (home / SETTINGS_FILE).exists():
        return False
    missing = f"{home} has no {SETTINGS_FILE}"
    if home.is_dir() and (held := sorted(each.name for each in home.iterdir() if each.name not in _OF_NOBODY)):
        raise SettingError(
            missing, f"but holds {', '.join(held[:3])}: put its settings back, or choose an empty folder by {key_of('home')}"
        )
    if str(home) in _remembered(real_homes):
        raise SettingError(missing, "and is the home of a real installation: is its disk mounted? (`refurb init` begins a new one)")
    told = sorted(key for key, value in environ.items() if key.startswith(PREFIX) and value and key not in _HARMLESS)
    if told and environ.get(key_of("demo"), "").lower() not in {"1", "true", "yes"}:
        raise SettingError(
            missing, f"but {', '.join(told)} is set: `refurb init` begins a real installation, {key_of('demo')}=true a demonstration"
        )
    write_settings_file(
        home,
        {
            key_of("secret_key"): secrets.token_urlsafe(SECRET_LENGTH),
            key_of("demo"): "true",
        },
    )
    return True


def remember(home: Path, real_homes: Path = REAL_HOMES, *, is_real: bool) -> None:
    """Note that a home is a real installation's, so that it is never taken for a new one when its disk is missing."""
    if is_real and str(home) not in _remembered(real_homes):
        with suppress(OSError), real_homes.open("a", encoding="utf-8") as file:
            file.write(f"{home}\n")


def _remembered(real_homes: Path) -> set[str]:
    try:
        return set(real_homes.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        return set()
