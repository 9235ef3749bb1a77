"""The point of the first day that sending mails is: a letter has arrived, and none is refused since."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select

from refurb.directory.mailing.models import MailSetting
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import letter_left
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.mail import NotWanted, SenderRefused, ServerRefusesUs, ServerUnreachable, mail_server
from refurb.kernel.deeds.points import READY, TO_DO, WAITING, SetupPoint, button_of
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l, _lp, day

_REFUSED = Look(_lp("first day", "Refusé"), "octagon-x", "stop")
_OURS = (ServerUnreachable.code, ServerRefusesUs.code, SenderRefused.code, NotWanted.code)
"""Faults that concern every letter; one of a recipient's address is that letter's own."""


def mailing_point() -> SetupPoint:
    """Ready when a letter left by the server in force; broken when letters since then are refused or find nobody."""
    saved_at = db.session.scalar(select(func.max(MailSetting.saved_at)))
    fault = _fault_since(saved_at)
    look, now_ = _standing(saved_at, fault)
    return SetupPoint(
        key="mailing",
        title=_l("Envoi des courriels"),
        icon="send",
        look=look,
        now=now_,
        opens=_l("les invitations, les nouvelles aux partenaires et aux donateurs."),
        call=_l("Essayer l'envoi des courriels"),
        endpoint="mailing.server",
        button=button_of(look),
        minutes=5,
        allows=_l("Prévenir par courriel"),
        lacks=_l("Prévenir par courriel : les messages attendent dans « Envois », rien n'est perdu"),
        since=saved_at if look is READY else None,
        optional=True,
        waits=look is WAITING,
    )


def _standing(saved_at: datetime | None, fault: str | None) -> tuple[Look, str]:
    server = mail_server()
    if fault:
        return _REFUSED, sentence(Fault(fault))
    if server is None:
        if current_app.config["DEMO"]:
            return WAITING, _("Une démonstration n'envoie rien")
        return TO_DO, _("Rien ne part encore ; on peut commencer sans")
    if current_app.config["SMTP_URL"] and not letter_left():
        return WAITING, _("Le serveur %(host)s est réglé par l'installation ; aucune lettre n'est encore partie", host=server.host)
    if saved_at is None or current_app.config["SMTP_URL"]:
        return READY, _("Les lettres partent par %(host)s", host=server.host)
    return READY, _("Les lettres partent par %(host)s, essayé le %(day)s", host=server.host, day=day(saved_at))


def _fault_since(saved_at: datetime | None) -> str | None:
    """The code of what letters meet now: those that are still tried, and those given up since the server was last entered."""
    left: list[ColumnElement[Any]] = [Effect.given_up_at.is_(None)]
    if saved_at is not None:
        left.append(Effect.given_up_at >= saved_at)
    ours = or_(*(Effect.fault.like(f"{code}%") for code in _OURS))
    query = select(Effect.fault).where(Effect.done_at.is_(None), ours, or_(*left)).order_by(Effect.id.desc()).limit(1)
    found = db.session.scalar(query)
    return found.partition(" ")[0] if found else None
