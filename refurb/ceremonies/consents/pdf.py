"""What is signed, and the receipt that is put into the person's hand: what may be shown, where, until when, and how it is withdrawn."""

from collections.abc import Sequence

from flask_babel import force_locale

from refurb.ceremonies.consents.models import Consent, ConsentGrant, ConsentVoice
from refurb.ceremonies.consents.texts import CONSENT_TEXT
from refurb.ceremonies.consents.words import CHANNELS, SHOWINGS, VOICE_ROLES, ConsentChannel
from refurb.directory.queries import home
from refurb.documents.actions import Draft, issuer_today
from refurb.documents.content import Claim, Column, Content, Facts, Heading, Paragraph, Signature, Signatures, Table, each_text
from refurb.documents.models import SignatureWay
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, day, moment

LANGUAGE = "fr"
_THINGS = {
    ConsentChannel.PHOTO: "une photo",
    ConsentChannel.FILM: "un film",
    ConsentChannel.WORDS: "des mots",
    ConsentChannel.NAME: "un nom",
}
_MINE = {
    ConsentChannel.PHOTO: "ma photo",
    ConsentChannel.FILM: "un film de moi",
    ConsentChannel.WORDS: "mes mots",
    ConsentChannel.NAME: "mon nom",
}


def things_said(grants: Sequence[ConsentGrant], shown_as: str | None, *, is_minor: bool) -> str:
    """« ma photo (affiche à l'atelier), jusqu'au 31 décembre 2027 ; mon nom, écrit « Awa » »: the language of the act is French."""
    with force_locale(LANGUAGE):
        words, said = (_THINGS if is_minor else _MINE), []
        for channel in (ConsentChannel.PHOTO, ConsentChannel.FILM, ConsentChannel.WORDS):
            these = [each for each in grants if each.channel is channel]
            if these:
                where = ", ".join(_lower(str(SHOWINGS[each.showing])) for each in these)
                said.append(f"{words[channel]} ({where}), jusqu'au {day(these[0].until)}")
        if shown_as:
            said.append(f"{words[ConsentChannel.NAME]}, écrit « {shown_as} »")
        return " ; ".join(said)


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:]


def sentence_of(name: str, grants: Sequence[ConsentGrant], shown_as: str | None, *, is_minor: bool) -> str:
    """What each of those who must say yes signs, word by word."""
    things = things_said(grants, shown_as, is_minor=is_minor)
    text, issuer = CONSENT_TEXT.in_force(), home().full_name
    if is_minor:
        return text.say("minor", issuer=issuer, things=things, person=name)
    return text.say("adult", issuer=issuer, things=things)


def reached_said() -> str:
    """How the house is reached by whoever changes her mind: by telephone, by e-mail, or at its address."""
    card = home()
    return ", ".join(part for part in (spell_phone(card.phone), card.email, card.address) if part) or card.name


def receipt(consent: Consent) -> Draft:
    """The receipt as it is issued once everybody has said yes; its fields are those of ISO/IEC TS 27560 that a person reads."""
    with force_locale(LANGUAGE):
        text = CONSENT_TEXT.in_force()
        rows = tuple((str(CHANNELS[each.channel]), str(SHOWINGS[each.showing]), day(each.until)) for each in consent.grants)
        facts = (
            (_("Qui est montré"), consent.name),
            (_("Sous quel nom"), consent.shown_as or _("sans nom")),
            (_("Qui montre"), ", ".join(part for part in (home().full_name, reached_said()) if part)),
            (_("Pourquoi"), _("faire connaître la remise d'ordinateurs et remercier qui les donne")),
            (_("Sur quelle base"), _("votre consentement (RGPD, article 6, paragraphe 1, a)")),
            (_("Qui le verra"), _("qui regarde aux endroits du tableau, et personne d'autre")),
        )
        blocks = (
            Paragraph(consent.sentence),
            Facts(facts, small=True),
            Heading(text.say("headings.shown")),
            Table(_("Ce qui peut être montré"), (Column(_("Quoi")), Column(_("Où")), Column(_("Jusqu'au"))), rows),
            Paragraph(text.say("withdraw", contact=reached_said())),
            Claim(text.say("free")),
            Signatures(tuple(_signed(each) for each in consent.voices)),
        )
        return Draft(
            title=text.say("title"), lead=text.say("lead", issuer=home().full_name), blocks=blocks, language=LANGUAGE,
            images=tuple(each.drawing for each in consent.voices if each.drawing), wording=text.version,
        )  # fmt: skip


def _signed(voice: ConsentVoice) -> Signature:
    label = str(VOICE_ROLES[voice.role])
    if voice.drawing and voice.answered_at:
        seen = _("Signé par son lien, sur son écran") if voice.by_link else ""
        return Signature(label, voice.name, moment(voice.answered_at), voice.drawing, seen)
    note = _("Exemplaire papier signé, gardé par nous") if voice.way is SignatureWay.SEEN else ""
    return Signature(label, voice.name, _("Signé le %(day)s", day=day(voice.signed_on or today())), None, note)


def paper_to_sign(consent: Consent) -> bytes:
    """The sentence on an A4 page, with a place for each signature: without a number, it is no paper yet."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    with force_locale(LANGUAGE):
        text = CONSENT_TEXT.in_force()
        rooms = tuple(Signature(str(VOICE_ROLES[each.role]), each.name, room=True) for each in consent.voices)
        blocks = (
            Paragraph(consent.sentence), Paragraph(text.say("withdraw", contact=reached_said())), Claim(text.say("free")),
            Signatures(rooms),
        )  # fmt: skip
        content = Content("", text.say("title"), consent.name, today(), issuer_today(), None, blocks)
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, status_note=_("À signer, sans numéro"))


def link_page(link: str) -> bytes:
    """A page to hand over: the link of the person's own page as a code for a telephone, to read it all again and to withdraw."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    with force_locale(LANGUAGE):
        said = CONSENT_TEXT.in_force().say("withdraw", contact=reached_said())
        blocks = (Paragraph(_("Visez le carré avec votre téléphone : votre page s'ouvre.")), Paragraph(said))
        content = Content("", _("Votre accord : tout relire, tout retirer"), "", today(), issuer_today(), None, blocks)
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, leads_to=link)
