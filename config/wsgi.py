"""The application as a WSGI server loads it: `config.wsgi:app`."""

import os
import sys

from config.settings import SettingError, Settings, keep_private, refuse_unfinished
from refurb import create_app
from refurb.kernel.deeds.policy import PolicyError

try:
    settings = Settings.read(os.environ)
    refuse_unfinished(settings.home)
    keep_private(settings.home, settings.database_url)
    app = create_app(settings)
except (SettingError, PolicyError) as error:
    sys.stderr.write(f"refurb: {error}\n")
    sys.exit(2)
