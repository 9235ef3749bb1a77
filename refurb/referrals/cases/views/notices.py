"""The notice as everybody may read it, print it and send its address: no account is asked for."""

from werkzeug.wrappers import Response

from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.notice import notice_in, notice_languages
from refurb.referrals.words import NOTICE_LANGUAGES, NoticeLanguage


@blueprint.get("/notice")
@public
def notice() -> Response:
    """The notice in French, and in which languages else it is there."""
    return _shown(NoticeLanguage.FRENCH)


@blueprint.get("/notice/<code>")
@public
def notice_translated(code: str) -> Response:
    """The notice in one language."""
    return _shown(code)


def _shown(code: str) -> Response:
    return page("referrals/cases/notice.html", notice=notice_in(code), languages=notice_languages(), names=NOTICE_LANGUAGES)
