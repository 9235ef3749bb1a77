"""What comes in about the mail server."""

import re
from typing import Any

from marshmallow import Schema

from refurb.kernel.deeds.mail import MailSecurity
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Email, Number, Password, Text, Word, Wrong

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")

SECURITIES = {
    MailSecurity.STARTTLS: _l("STARTTLS (port 587, le plus courant)"),
    MailSecurity.TLS: _l("TLS dès l'ouverture (port 465)"),
    MailSecurity.NONE: _l("Aucun : seulement sur la même machine ou le même réseau"),
}


class HostName(Text):
    """The name of a machine, or its address: neither http:// nor a path."""

    attrs = {"class": "mono", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not _HOST.match(text):
            raise Wrong("mail.host")
        return text.lower()


class MailServerFacts(Schema):
    """The mail server, whose mails they are, and where the letter of the try goes."""

    host = HostName(_l("Serveur d'envoi"), help=_l("Votre fournisseur de messagerie le donne : serveur SMTP."), required=True, max=253)
    port = Number(_lp("mail", "Port"), required=True, min=1, max=65535)
    security = Word(MailSecurity, _lp("mail", "Chiffrement"), labels=SECURITIES, required=True)
    username = Text(_l("Nom d'utilisateur"), attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"})
    password = Password(
        _lp("mail", "Mot de passe"),
        help=_l("Il n'est plus jamais montré. Vide : celui qui est gardé, si le serveur et le nom ne changent pas."),
        attrs={"autocomplete": "off"},
        sometimes=True,
    )
    sender = Email(_l("Les courriels partent de l'adresse"), required=True, attrs={"autocomplete": "off"})
    sender_name = Text(_l("Les courriels partent au nom de"), help=_l("Vide : le nom court de l'organisation."), max=160)
    to = Email(_l("Envoyer la lettre d'essai à"), help=_l("Une boîte que vous pouvez ouvrir."), required=True)
