"""What borrowers of the demonstration showed or left: an insurance of a whole organisation, one that has ended, a training, a deposit."""

from datetime import date
from functools import partial
from typing import Any

from refurb.demo.diary import Cast, Diary
from refurb.lending.guarantees.actions import leave_deposit, note_certificate
from refurb.lending.guarantees.words import CertificateKind, DepositKind


def plan_pledges(cast: Cast, diary: Diary) -> None:
    """Note in the diary who shows and leaves what."""
    year = diary.today.year
    shown: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (48, "mediatheque", {
            "kind": CertificateKind.INSURANCE, "until_on": date(year + 1, 12, 31), "said": "SMACL, contrat 4417", "for_organisation": True,
        }),
        (46, "couronneries", {"kind": CertificateKind.HONOUR, "until_on": diary.day(6)}),
        (44, "dimitri", {"kind": CertificateKind.TRAINING, "category": "printer3d", "said": "Fablab, Odile Saint-Martin"}),
        (40, "camille", {"kind": CertificateKind.TRAINING, "category": "printer3d", "said": "Fablab, Odile Saint-Martin"}),
    )  # fmt: skip
    for ago, who, facts in shown:
        diary.note(ago, "14:05", partial(_show, cast, who, diary.day(ago), facts))
    diary.note(12, "15:40", partial(_leave, cast, diary.day(12)))


def _show(cast: Cast, who: str, valid_on: date, facts: dict[str, Any]) -> None:
    note_certificate(cast.actors["desk"], cast.borrowers[who], valid_on=valid_on, **facts)


def _leave(cast: Cast, left_on: date) -> None:
    leave_deposit(
        cast.actors["desk"], cast.borrowers["camille"], kind=DepositKind.CHEQUE, cents=8_000, regie="Médiathèque, prêts", left_on=left_on
    )
