"""How a paper is looked at before its text is adopted: without a number, a seal, a drawn signature, or the name of who receives."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from refurb.documents.actions import Draft, content_of
from refurb.documents.content import Block, Signatures, each_text
from refurb.documents.models import PaperKind
from refurb.documents.wording import twin
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _


def papers_on(
    kind: PaperKind, draft_of: Callable[[int], Draft], persons: Callable[[int], Iterable[str]] = lambda _record: ()
) -> Callable[[int], HungPanel]:
    """What a paper of a kind about a record would say today; `persons` are the names that are hidden in it."""

    def shown(record: int) -> HungPanel:
        content = content_of(kind, draft_of(record), "", today())
        content = replace(content, blocks=tuple(map(undrawn, content.blocks)))
        for name in persons(record):
            # mypy cannot infer a lambda whose default binds the name of this round.
            content = each_text(content, lambda text, name=name: text.replace(name, _("Prénom Nom")))  # type: ignore[misc]
        return HungPanel("documents/_sample.html", {"twin": twin(content)})

    return shown


def undrawn(block: Block) -> Block:
    """The block without drawn signatures: nobody has signed what is only looked at."""
    if not isinstance(block, Signatures):
        return block
    return Signatures(tuple(replace(each, image_sha256=None) for each in block.items))
