"""What a run that failed says to people."""

from refurb.keeping.models import KeepingRun
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import size

_BYTES = ("needed", "free")


def fault_of(run: KeepingRun) -> str:
    """Why a run failed, in a sentence; empty where it did not."""
    if not run.fault:
        return ""
    facts = {name: size(value) if name in _BYTES else value for name, value in run.facts.items()}
    return sentence(Fault(run.fault, **facts) if "." in run.fault else Fault("keeping.fault", kind=run.fault))
