"""What a paper ends with: a code to check it with us, one to check it without, and both in letters for whoever has no camera."""

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import blocks, qr, typeset
from refurb.documents.blocks import BODY, ROOM, Lettering, draw_said, rule
from refurb.documents.flow import Strip
from refurb.documents.signed_code import CodeToSign, groups
from refurb.documents.tags import Tag, shown
from refurb.documents.typeset import BOLD, MONO, REGULAR
from refurb.documents.wording import printed_address
from refurb.kernel.speech.words import _

CODE_SIZE = 23 * mm
DOOR_SIZE = 28 * mm
_TEXT, _DIGITS = 8.6, 6.6
_APART = 7 * mm


def ending(verify_url: str | None, digest: str, leads_to: str, code: CodeToSign | None) -> list[Strip]:
    """The last strip of a paper, if it has one; the arguments are those of `page.render`."""
    if verify_url:
        return [_seal(verify_url, digest, code)]
    if leads_to:
        return [_door(leads_to)]
    return [_to_be_signed(digest)] if digest else []


def _seal(verify_url: str, digest: str, code: CodeToSign | None) -> Strip:
    """The codes with their words under them, the address to type, the sum, and what « frozen » means; then the code to type.

    The code signs every word that is drawn before it, so it is drawn last.
    """
    symbol = qr.encode(verify_url)
    quiet = qr.QUIET_ZONE * CODE_SIZE / symbol.side
    address = printed_address(verify_url)
    part = Tag("Div")
    figures = [part.add("Figure")]
    names = [_caption(part, _("Vérifier en ligne"))]
    if code:
        figures.append(part.add("Figure"))
        names.append(_caption(part, _("Vérifier hors ligne")))
    left = len(figures) * (CODE_SIZE + _APART)
    room = ROOM - left
    texts = [
        _small(part, _("Vérifier ce document : %(address)s", address=address), room, strong=(address,)),
        *_sum(part, digest, room),
        _small(part, _("Document figé à l'émission. Une correction donne un nouveau numéro : « annule et remplace »."), room),
    ]
    if code:
        texts.append(_small(part, _("Le code hors ligne, à taper faute d'appareil photo :"), room))
        typed = Lettering(part.add("P"), _spelled(code.blank(), room), _DIGITS)
    tall = sum(each.height for each in texts)
    above = quiet + 1 * mm
    under = CODE_SIZE + 1 * mm
    height = above + max(under + names[0].height, tall + (typed.height if code else 0))

    def draw(canvas: Canvas, x: float, top: float) -> None:
        rule(canvas, x, top, ROOM, thickness=0.6, grey=blocks.HAIRLINE)
        with shown(canvas, figures[0], _("Code à scanner pour vérifier ce document"), x, top - above, CODE_SIZE, CODE_SIZE):
            qr.draw(canvas, symbol, x, top - above, side=CODE_SIZE)
        for place, name in enumerate(names):
            draw_said(canvas, [name], x + place * (CODE_SIZE + _APART), top - above - under)
        draw_said(canvas, texts, x + left, top - above)
        if code:
            second = x + CODE_SIZE + _APART
            text = code.sign(canvas.tags.words)
            with shown(canvas, figures[1], _("Code signé, à vérifier sans connexion"), second, top - above, CODE_SIZE, CODE_SIZE):
                qr.draw(canvas, qr.encode(text), second, top - above, side=CODE_SIZE)
            draw_said(canvas, [Lettering(typed.tag, _spelled(text, room), _DIGITS)], x + left, top - above - tall)

    return Strip(height, draw, gap=7 * mm, part=part)


def _caption(part: Tag, text: str) -> Lettering:
    return Lettering(part.add("P"), typeset.lines(text, BOLD, _TEXT, CODE_SIZE + _APART - 1 * mm), _TEXT)


def _spelled(code: str, room: float) -> list[typeset.Line]:
    return typeset.lines(groups(code), MONO, _DIGITS, room)


def _door(address: str) -> Strip:
    """The QR of an address, and what to do with it."""
    symbol = qr.encode(address)
    quiet = qr.QUIET_ZONE * DOOR_SIZE / symbol.side
    left = DOOR_SIZE + max(quiet, 6 * mm)
    part = Tag("Div")
    figure = part.add("Figure")
    words = _("Avec un téléphone : visez ce carré avec l'appareil photo, puis ouvrez l'adresse.")
    told = Lettering(part.add("P"), typeset.lines(words, REGULAR, BODY, ROOM - left), BODY)
    height = DOOR_SIZE + 2 * quiet

    def draw(canvas: Canvas, x: float, top: float) -> None:
        with shown(canvas, figure, _("Code à scanner : %(address)s", address=address), x + quiet, top - quiet, DOOR_SIZE, DOOR_SIZE):
            qr.draw(canvas, symbol, x + quiet, top - quiet, side=DOOR_SIZE)
        draw_said(canvas, [told], x + left + quiet, top - quiet - max(0, (DOOR_SIZE - told.height) / 2))

    return Strip(height, draw, gap=7 * mm, part=part)


def _to_be_signed(digest: str) -> Strip:
    """Where a paper has its seal, a text that is still to be signed says what it is, and by which sum its copy is known again."""
    told = _(
        "Texte préparé, à signer en deux exemplaires. Le document numéroté est émis une fois la signature faite ou l'exemplaire signé vu."
    )
    part = Tag("Div")
    texts = [_small(part, told, ROOM), *_sum(part, digest, ROOM)]
    height = 3 * mm + sum(each.height for each in texts)

    def draw(canvas: Canvas, x: float, top: float) -> None:
        rule(canvas, x, top, ROOM, thickness=0.6, grey=blocks.HAIRLINE)
        draw_said(canvas, texts, x, top - 3 * mm)

    return Strip(height, draw, gap=7 * mm, part=part)


def _small(part: Tag, text: str, room: float, *, strong: tuple[str, ...] = ()) -> Lettering:
    return Lettering(part.add("P"), typeset.lines(text, REGULAR, _TEXT, room, strong=strong), _TEXT)


def _sum(part: Tag, digest: str, room: float) -> list[Lettering]:
    """What the digits are, and under it the digits."""
    digits = " ".join(digest[at : at + 4] for at in range(0, 64, 4))
    return [_small(part, _("Empreinte SHA-256 :"), room), Lettering(part.add("P"), typeset.lines(digits, MONO, _DIGITS, room), _DIGITS)]
