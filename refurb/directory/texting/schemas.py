"""What comes in about the SMS provider."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from marshmallow import Schema

from refurb.directory.texting.hook import SmsShape
from refurb.kernel.speech.telephones import is_mobile
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import LongText, Password, Phone, Text, Tick, Word, Wrong

SHAPES = {
    SmsShape.QUERY: _l("Dans l'adresse (GET), une ligne « nom=valeur » par champ"),
    SmsShape.FORM: _l("Comme un formulaire (POST), une ligne « nom=valeur » par champ"),
    SmsShape.JSON: _l("En JSON (POST)"),
}
_PLAIN: dict[str, Any] = {"class": "mono", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class HookAddress(Text):
    """An address of a provider: https, without a name or a password in it; http where the installation allows private addresses."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise Wrong("sms.url") from error
        schemes = {"https", "http"} if current_app.config["SMS_PRIVATE"] else {"https"}
        if text and (parts.scheme not in schemes or not parts.hostname or parts.username is not None or port == 0 or not text.isascii()):
            raise Wrong("sms.url")
        return text


class MobilePhone(Phone):
    """A number of a French mobile telephone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = super()._deserialize(value, attr, data, **kwargs)
        if number and not is_mobile(number):
            raise Wrong("sms.not_mobile")
        return number


class SmsChosen(Schema):
    """Whether somebody wants short messages."""

    wanted = Tick(_l("Veut bien des SMS"))


class SmsProviderFacts(Schema):
    """The request of a provider, its secret, and the number to which the message of the try goes."""

    url = HookAddress(_l("Adresse du prestataire"), help=_l("Elle commence par https://."), required=True, max=500, attrs=_PLAIN)
    shape = Word(SmsShape, _lp("sms", "La demande part"), labels=SHAPES, required=True)
    sender = Text(_l("Nom de l'expéditeur"), help=_l("11 lettres au plus, comme votre prestataire l'a enregistré."), required=True, max=40)
    headers = LongText(
        _lp("sms", "En-têtes"),
        help=_l("Un par ligne : « Nom: valeur ». Champs : {secret}, {reference}."),
        max=2000,
        attrs=_PLAIN | {"rows": 2},
    )
    body = LongText(
        _lp("sms", "Champs de la demande"),
        help=_l(
            "{numero} : +33612345678 ; {numero00} : 0033612345678 ; {numero_nu} : 33612345678 ; {texte}, {expediteur}, {secret} ; "
            "{reference} : la même à chaque essai d'un message."
        ),
        required=True,
        max=4000,
        attrs=_PLAIN | {"rows": 10},
    )
    secret = Password(
        _l("Mot de passe ou clé du prestataire"),
        help=_l("Il n'est plus jamais montré. Vide : celui qui est gardé, si ni l'adresse ni la demande ne changent."),
        attrs={"autocomplete": "off"},
        sometimes=True,
    )
    taken = Text(
        _l("La réponse à un message accepté contient"),
        help=_l("Toute autre réponse est dite « on ne sait pas »."),
        required=True,
        attrs=_PLAIN,
    )
    refused = LongText(
        _l("La réponse à un message refusé contient"), help=_l("Une possibilité par ligne ; vide : les seuls codes 4xx."), max=200,
        attrs=_PLAIN | {"rows": 2},
    )  # fmt: skip
    takes_once = Tick(
        _l("Le prestataire ne prend qu'une fois un message de même référence"),
        help=_l("Seulement s'il l'écrit : sans réponse, un message repart alors tout seul."),
    )
    to = MobilePhone(_l("Envoyer le message d'essai au"), help=_l("Votre propre téléphone mobile. Ce message est payant."), required=True)
