"""Requests that two providers of France document, ready to be filled in; facts of their own pages, read on 30 November 2026."""

from dataclasses import dataclass
from typing import Final

from refurb.directory.texting.hook import SmsShape


@dataclass(frozen=True)
class ReadyRequest:
    """A request as a provider documents it: what is typed for it, and where that is said."""

    key: str
    name: str
    source: str
    url: str
    shape: SmsShape
    headers: str
    body: str
    taken: str
    refused: str = ""


OVHCLOUD: Final = ReadyRequest(
    key="ovhcloud",
    name="OVHcloud, http2sms",
    # « 100 ou 101 : requête traitée » ; 201, 202, 401: why it is not, always in an answer 200. `tag` has 20 signs at most, and is no proof
    # against doubles; `noStop=1` is for what is not commercial.
    source="https://docs.ovh.com/fr/sms/envoyer_des_sms_depuis_une_url_-_http2sms/",
    url="https://www.ovh.com/cgi-bin/sms/http2sms.cgi",
    shape=SmsShape.QUERY,
    headers="",
    body="account=sms-xx11111-1\nlogin=utilisateur\npassword={secret}\nfrom={expediteur}\nto={numero00}\nmessage={texte}\n"
    "noStop=1\ntag={reference}\ncontentType=application/json",
    taken='"status":10',
    refused='"status":2\n"status":4',
)
BREVO: Final = ReadyRequest(
    key="brevo",
    name="Brevo, SMS transactionnels",
    # POST …/transactionalSMS/send; the answer has a messageId; sender of 11 letters at most; `tag` sorts, it is no proof against doubles.
    source="https://developers.brevo.com/docs/transactional-sms-endpoints",
    url="https://api.brevo.com/v3/transactionalSMS/send",
    shape=SmsShape.JSON,
    headers="api-key: {secret}",
    body='{\n  "sender": "{expediteur}",\n  "recipient": "{numero_nu}",\n  "content": "{texte}",\n  "type": "transactional",\n'
    '  "tag": ["{reference}"]\n}',
    taken='"messageId":',
)
READY: Final = (OVHCLOUD, BREVO)
