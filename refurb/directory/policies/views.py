"""The pages of the policies: the list, one policy with its versions, and a version that a decision names."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from refurb.directory.policies.actions import try_former
from refurb.directory.policies.leaves import leaves_of, remarks_in
from refurb.directory.policies.queries import (
    PolicyStanding,
    draft_of,
    meanwhile,
    policy_named,
    standing_of,
    version_of_digest,
    versions_of,
)
from refurb.directory.policies.schemas import meaning
from refurb.directory.policies.shown import groups_of, lines_by_group, said_value
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.policy import ENDING, PolicyFile
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

blueprint = Blueprint("policies", __name__)
P = Permission


@blueprint.get("/regles")
@requires(P.POLICY_READ)
def policy_list(actor: Actor) -> Response:
    """Every policy, with what is in force in one line."""
    groups = lines_by_group()
    waiting = [(each, meanwhile(each.file, each.draft)) for _title, lines in groups for each in lines if each.waits]
    return page(
        "directory/policies/policies.html", groups=groups, waiting=waiting, may_write=actor.may(P.POLICY_WRITE), name_of=wired().name_of
    )


@blueprint.get("/regles/<name>")
@requires(P.POLICY_READ)
def policy(actor: Actor, name: str) -> Response:
    """What is in force, value by value, and the versions."""
    file = policy_named(name)
    return _page_of(actor, file, standing_of(file), is_in_force=True)


@blueprint.get("/regles/<name>/versions/<digest>")
@requires(P.POLICY_READ)
def policy_version(actor: Actor, name: str, digest: str) -> Response:
    """The version that a decision names, as it was applied."""
    file = policy_named(name)
    found = version_of_digest(file, digest)
    return _page_of(actor, file, found, is_in_force=found.digest == standing_of(file).digest)


def _page_of(actor: Actor, file: PolicyFile[Any], found: PolicyStanding, *, is_in_force: bool) -> Response:
    return page(
        "directory/policies/policy.html",
        file=file,
        found=found,
        is_in_force=is_in_force,
        in_force=standing_of(file).number,
        intro=remarks_in(found.text).get("", ""),
        groups=groups_of(leaves_of(file, found.text)),
        said=said_value,
        meaning=meaning,
        sentence=sentence,
        versions=versions_of(file.name),
        draft=draft_of(file.name),
        may_write=actor.may(P.POLICY_WRITE),
        name_of=wired().name_of,
    )


@blueprint.get("/regles/<name>/versions/<digest>/fichier")
@requires(P.POLICY_READ)
def policy_file(_actor: Actor, name: str, digest: str) -> Response:
    """A version as the TOML file that another instance takes in."""
    found = version_of_digest(policy_named(name), digest)
    return download(found.text.encode(), f"{name}{ENDING}", "application/toml", inline=False)


@blueprint.post("/regles/<name>/versions/<int:number>/reprendre")
@requires(P.POLICY_WRITE)
def try_former_version(actor: Actor, name: str, number: int) -> Response:
    """Begin a trial with the text of a former version."""
    with unit_of_work():
        try_former(actor, policy_named(name), number)
        return go("policies.trial", done=_("Le texte de la version %(number)s est en essai.", number=number), name=name)
