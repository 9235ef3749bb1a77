"""Every room of ceremonies, loaded: importing this file hangs each page and each letter where it belongs."""

from refurb.ceremonies.after import views as after
from refurb.ceremonies.door import views as door
from refurb.ceremonies.guests import effects, own
from refurb.ceremonies.guests import models as guest_models
from refurb.ceremonies.guests import views as guests
from refurb.ceremonies.guests.states import guest_machine

__all__ = ["after", "door", "effects", "guest_machine", "guest_models", "guests", "own"]
