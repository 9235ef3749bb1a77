"""The point of the first day that papers are signed with a certificate, where the operator gave one."""

from refurb.documents.certificate import signs_with_certificate
from refurb.documents.pades import CertificateStanding, PaperCertificate, certificate
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.points import READY, SetupPoint, button_of
from refurb.kernel.speech.words import _, _l, _lp, day

_WRONG = Look(_lp("first day", "À voir"), "octagon-x", "stop")


def certificate_point() -> SetupPoint | None:
    """Broken where the certificate of the settings cannot sign: no paper is issued meanwhile. Without one there is no such point."""
    found = certificate()
    if found.standing is CertificateStanding.NONE:
        return None
    signs = signs_with_certificate()
    look = READY if found.standing is CertificateStanding.GOOD or not signs else _WRONG
    return SetupPoint(
        key="certificate",
        title=_l("Signature des documents"),
        icon="stamp",
        look=look,
        now=_now(found) if signs else _("Les documents sont émis avec le code signé seul"),
        opens=_l("des PDF signés avec le certificat de l'organisation."),
        call=_l("Donner un certificat qui peut signer, ou émettre sans lui"),
        endpoint="documents.certificate_choice",
        button=button_of(look),
        minutes=10,
        lacks=_l("Émettre un document : le certificat ne peut pas signer"),
        allows=_l("Prouver un document sans passer par ce site"),
        optional=True,
    )


def _now(found: PaperCertificate) -> str:
    match found.standing:
        case CertificateStanding.NONE:
            return ""
        case CertificateStanding.GOOD:
            return _("Certificat « %(name)s », valable jusqu'au %(day)s", name=found.name, day=day(found.until))
        case CertificateStanding.EXPIRED:
            return _("Le certificat « %(name)s » a expiré le %(day)s : plus rien ne s'émet", name=found.name, day=day(found.until))
        case CertificateStanding.NOT_YET:
            return _("Le certificat « %(name)s » ne vaut pas encore : rien ne s'émet", name=found.name)
        case CertificateStanding.UNREADABLE:
            return _("Le fichier du certificat ne se lit pas, ou son mot de passe est faux : rien ne s'émet")
