"""The settings of a demonstration, written where nothing has been set up yet, so that `make run` just works."""

import secrets
from collections.abc import Mapping

from config.settings import SECRET_LENGTH, SETTINGS_FILE, home_of, key_of, write_settings_file


def prepare_demo(environ: Mapping[str, str]) -> bool:
    """Write `settings.env` with a fresh secret key and `REFURB_DEMO=true`; say whether it had to be written.

    An installation that has its settings, in the file or a secret key in the environment, is left as it is.
    """
    home = home_of(environ)
    if environ.get(key_of("secret_key")) or (home / SETTINGS_FILE).exists():
        return False
    write_settings_file(
        home,
        {
            key_of("secret_key"): secrets.token_urlsafe(SECRET_LENGTH),
            key_of("demo"): "true",
        },
    )
    return True
