"""Every room of ceremonies, loaded: importing this file hangs each page and each letter where it belongs."""

from refurb.ceremonies import agenda
from refurb.ceremonies.after import views as after
from refurb.ceremonies.consents import effects as consent_effects
from refurb.ceremonies.consents import models as consent_models
from refurb.ceremonies.consents import own as own_consent
from refurb.ceremonies.consents import use_views
from refurb.ceremonies.consents import views as consents
from refurb.ceremonies.door import views as door
from refurb.ceremonies.guests import effects, own, text_messages
from refurb.ceremonies.guests import models as guest_models
from refurb.ceremonies.guests import views as guests
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.testimonies import effects as testimony_effects
from refurb.ceremonies.testimonies import models as testimony_models
from refurb.ceremonies.testimonies import views as testimonies

__all__ = [
    "after", "agenda", "consent_effects", "consent_models", "consents", "door", "effects", "guest_machine", "guest_models", "guests", "own",
    "own_consent", "testimonies", "testimony_effects", "testimony_models", "text_messages", "use_views",
]  # fmt: skip
