"""What the territory of the demonstration decided otherwise than the product came: a rule of loans, and the wording of a letter."""

from refurb.demo.diary import Cast, Diary
from refurb.directory.policies.actions import adopt_policy, effect_mark, try_policy
from refurb.directory.policies.edits import with_values
from refurb.directory.policies.leaves import Path
from refurb.directory.policies.queries import newest_number, policy_named, text_numbered
from refurb.kernel.speech.clock import today

LOANS_DECIDED = "Bureau du syndicat, réunion d'automne"
LETTER_DECIDED = "Josiane Thibaudeau, présidente"


def plan_rules(cast: Cast, diary: Diary) -> None:
    """Two adoptions, with who decided and why."""
    diary.note(45, "11:20", lambda: _adopt(
        cast, "loans", ("categories", "projector", "renewals"), 1, LOANS_DECIDED,
        "Les associations demandent à garder le vidéoprojecteur pour deux séances de suite.",
    ))  # fmt: skip
    diary.note(30, "16:05", lambda: _adopt(
        cast, "letter_donation_news", ("accepted", "body"),
        "Bonjour,\n\nBonne nouvelle, et merci : nous prenons votre don {don}. Nous vous proposerons bientôt un rendez-vous.\n\n"
        "Pensez à joindre les chargeurs.\n\nSuivez votre don ici :\n{suite}",
        LETTER_DECIDED, "Trop de portables arrivaient sans leur chargeur.",
    ))  # fmt: skip


def _adopt(cast: Cast, name: str, path: Path, value: object, decided_by: str, reason: str) -> None:
    admin, file = cast.actors["admin"], policy_named(name)
    newest = newest_number(file)
    draft = try_policy(admin, file, with_values(text_numbered(file, newest), {path: value}), base=newest, seen=0)
    shown = effect_mark(file, draft.text)
    adopt_policy(admin, file, seen=draft.revision, shown=shown, in_force_from=today(), decided_by=decided_by, reason=reason)
