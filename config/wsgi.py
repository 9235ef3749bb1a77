"""The application as a WSGI server loads it: `config.wsgi:app`."""

import os
import sys

from config.settings import SettingError, Settings
from refurb import create_app
from refurb.kernel.deeds.policy import PolicyError

try:
    app = create_app(Settings.read(os.environ))
except (SettingError, PolicyError) as error:
    sys.stderr.write(f"refurb: {error}\n")
    sys.exit(2)
