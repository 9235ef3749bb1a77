"""The letter by which a mail server is tried, as a territory may word it."""

from refurb.directory.letters import letter_file, letters_on, write_letter
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.words import _, _l

MAIL_TRIAL = letter_file("letter_mail_trial", _l("Essai d'envoi des courriels"), needs=())


def trial_letter(key: str, to: str) -> Letter:
    """What is written to whoever tries a server, in the language of the moment."""
    return write_letter(MAIL_TRIAL, key=key, to=to)


MAIL_SAMPLES = {
    MAIL_TRIAL.name: TextSample(
        needs=Permission.POLICY_READ,
        records=lambda: [(1, _("La lettre telle qu'elle serait"))],
        shown=letters_on(lambda _record: [trial_letter("mail_trial", home().email or "essai@exemple.fr")]),
    ),
}
