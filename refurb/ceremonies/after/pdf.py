"""The report of an evening on one page: numbers, nobody's name, and none of fewer than five people of families."""

from refurb.ceremonies.after.figures import Evening
from refurb.ceremonies.guests.words import GUEST_KINDS
from refurb.ceremonies.models import Ceremony
from refurb.documents.actions import issuer_today
from refurb.documents.content import Claim, Column, Content, Facts, Table, each_text
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, moment


def report_pdf(ceremony: Ceremony, evening: Evening) -> bytes:
    """The report as an A4 page, no paper of ours: without a number."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    few = _("moins de 5")
    families = evening.families
    rows = [(str(GUEST_KINDS[row.kind]), str(row.kept), str(row.came)) for row in evening.rows if row.kind is not None]
    rows.append((_("Familles"), str(families.kept), str(families.came)) if evening.tells_families else (_("Familles"), few, few))
    kept = sum(row.kept for row in evening.rows)
    total = (_("Ensemble"), str(kept), str(evening.came)) if evening.tells_families else None
    columns = (Column(_("Qui")), Column(_("Places gardées"), "end"), Column(_("Personnes venues"), "end"))
    handed = str(evening.handed) if evening.handed == 0 or evening.handed >= 5 else few
    blocks = (
        Facts(((_("Date"), moment(ceremony.starts_at)), (_("Lieu"), ceremony.place), (_("Ordinateurs remis, bon signé"), handed))),
        Table(_("Qui est venu"), columns, tuple(rows), total),
        Claim(_("Ce compte rendu ne dit le nom de personne, ni quelle machine va à qui.")),
    )
    lead = _n("%(num)s personne est venue.", "%(num)s personnes sont venues.", evening.came) if evening.tells_families else None
    content = Content("", _("Compte rendu de la cérémonie"), ceremony.title, today(), issuer_today(), lead, blocks)
    return render(each_text(content, without_pictures), verify_url=None, digest="", images={})
