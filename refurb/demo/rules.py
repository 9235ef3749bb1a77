"""What the territory of the demonstration decided otherwise than the product came: a rule of loans, a letter, the numbers of partners."""

from datetime import timedelta
from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.directory.policies.actions import adopt_policy, effect_mark, try_policy
from refurb.directory.policies.edits import with_values
from refurb.directory.policies.leaves import Path
from refurb.directory.policies.queries import newest_number, policy_named, text_numbered
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.rewriting import moved

LOANS_DECIDED = "Bureau du syndicat, réunion d'automne"
QUOTAS_DECIDED = "Comité de pilotage d'automne"
LETTER_DECIDED = "Josiane Thibaudeau, présidente"


def plan_rules(cast: Cast, diary: Diary) -> None:
    """Six adoptions, with who decided and why; and a trial of the waiting order that nobody has adopted yet."""
    diary.note(45, "11:20", lambda: _adopt(
        cast, "loans", ("categories", "projector", "renewals"), 1, LOANS_DECIDED,
        "Les associations demandent à garder le vidéoprojecteur pour deux séances de suite.",
    ))  # fmt: skip
    # From then on the counter refuses a printer to whoever was not shown how it is used.
    diary.note(35, "10:20", lambda: _adopt(
        cast, "loans", ("categories", "printer3d", "training"), True, LOANS_DECIDED,
        "Deux plateaux abîmés par des personnes à qui personne n'avait montré la machine.",
    ))  # fmt: skip
    diary.note(30, "16:05", lambda: _adopt(
        cast, "letter_donation_news", ("accepted", "body"),
        "Bonjour,\n\nBonne nouvelle, et merci : nous prenons votre don {don}. Nous vous proposerons bientôt un rendez-vous.\n\n"
        "Pensez à joindre les chargeurs.\n\nSuivez votre don ici :\n{suite}",
        LETTER_DECIDED, "Trop de portables arrivaient sans leur chargeur.",
    ))  # fmt: skip
    for kind in ("loans", "handovers"):
        diary.note(40, "09:50", partial(
            _adopt, cast, "sms", ("kinds", kind), "no_email", LOANS_DECIDED, "Des familles n'ont pas de courriel, toutes un téléphone.",
        ))  # fmt: skip
    diary.note(34, "09:30", lambda: _promise(cast, diary))
    diary.note(1, "16:40", lambda: _try_order(cast))


def _promise(cast: Cast, diary: Diary) -> None:
    """How many devices some partners may be given, in the days around today; the numbers of one of them are used up."""
    first, last = diary.today - timedelta(days=90), diary.today + timedelta(days=35)
    lines = ["", "[[period]]", f"starts_on = {first}", f"ends_on = {last}"]
    for partner, numbers in (("ccas", {"young": 2, "others": 10}), ("mission", {"young": 3, "others": 3}), ("couronneries", {"others": 4})):
        lines.append(f'[period.numbers."{cast.organisations[partner].reference}"]')
        lines += [f"{public} = {number}" for public, number in numbers.items()]
    file = policy_named("quotas")
    text = text_numbered(file, newest_number(file)) + "\n".join(lines) + "\n"
    _adopt_text(cast, "quotas", text, QUOTAS_DECIDED, "Répartir les appareils de l'hiver entre les structures.")


def _try_order(cast: Cast) -> None:
    """Studies before the search for work: what that would do is on the page of the trial."""
    file = policy_named("eligibility")
    newest = newest_number(file)
    try_policy(cast.actors["admin"], file, moved(text_numbered(file, newest), 3, 2), base=newest, seen=0)


def _adopt(cast: Cast, name: str, path: Path, value: object, decided_by: str, reason: str) -> None:
    file = policy_named(name)
    _adopt_text(cast, name, with_values(text_numbered(file, newest_number(file)), {path: value}, new={path}), decided_by, reason)


def _adopt_text(cast: Cast, name: str, text: str, decided_by: str, reason: str) -> None:
    admin, file = cast.actors["admin"], policy_named(name)
    draft = try_policy(admin, file, text, base=newest_number(file), seen=0)
    shown = effect_mark(file, draft.text)
    adopt_policy(admin, file, seen=draft.revision, shown=shown, in_force_from=today(), decided_by=decided_by, reason=reason)
