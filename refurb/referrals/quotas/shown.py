"""Quotas in words: what is left, on the page of an organisation, in the form of a referral and on the home of a partner."""

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.quotas.policy import quotas
from refurb.referrals.quotas.queries import QuotaLeft, quotas_of


def panel_of_quotas(actor: Actor, organisation: Organisation) -> HungPanel | None:
    """What a partner was promised and given in this period, for whoever decides on referrals; exact: these are limits, not statistics."""
    if not organisation.is_partner or not actor.may(Permission.REFERRAL_DECIDE):
        return None
    period = quotas().period_on(today())
    lines = [(each, meaning_of(each)) for each in quotas_of(organisation)]
    return HungPanel("referrals/quotas/_partner.html", {"period": period, "lines": lines})


def meaning_of(quota: QuotaLeft) -> str:
    """What a number means today, for whoever decides."""
    if quota.left is None:
        return _("Sans quota.")
    asked = _n("%(num)s orientation attend.", "%(num)s orientations attendent.", quota.waiting) if quota.waiting else ""
    if quota.is_full:
        full = _("Plus rien jusqu'au %(day)s. Dépassement possible par la coordination, avec une raison et son nom.", day=day(quota.until))
        return f"{full} {asked}".strip()
    return f"{_n('Reste %(num)s.', 'Reste %(num)s.', quota.left)} {asked}".strip()


def left_said(quota: QuotaLeft) -> str:
    """What is left of a number, as the partner reads it: a full one forbids nothing, it says when it is read."""
    word = quota.public.word
    if quota.left is None:
        return _("%(public)s : sans limite de nombre", public=word)
    if quota.most == 0:
        return _(
            "%(public)s : aucun appareil promis jusqu'au %(day)s. Vous pouvez orienter quand même : la demande sera lue ensuite.",
            public=word,
            day=day(quota.until),
        )
    if quota.is_full:
        return _n(
            "%(public)s : votre place est prise jusqu'au %(day)s. Vous pouvez orienter quand même : la demande sera lue ensuite.",
            "%(public)s : vos %(num)s places sont prises jusqu'au %(day)s. Vous pouvez orienter quand même : la demande sera lue ensuite.",
            quota.most or 0,
            public=word,
            day=day(quota.until),
        )
    return _n(
        "%(public)s : il vous reste %(num)s place jusqu'au %(day)s",
        "%(public)s : il vous reste %(num)s places jusqu'au %(day)s",
        quota.left,
        public=word,
        day=day(quota.until),
    )
