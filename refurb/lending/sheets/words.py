"""The licences under which an activity sheet is shared."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class Licence(StrEnum):
    """What others may do with a sheet; the names are those under which the licences are published."""

    CC0 = "cc0"
    CC_BY = "cc_by"
    CC_BY_SA = "cc_by_sa"
    CC_BY_NC_SA = "cc_by_nc_sa"
    ETALAB = "etalab"


LICENCES = {
    Licence.CC_BY_SA: _l("CC BY-SA 4.0 : nommer l'auteur, partager de même"),
    Licence.CC_BY: _l("CC BY 4.0 : nommer l'auteur"),
    Licence.CC_BY_NC_SA: _l("CC BY-NC-SA 4.0 : sans usage commercial, partager de même"),
    Licence.ETALAB: _l("Licence ouverte 2.0 (Etalab)"),
    Licence.CC0: _l("CC0 : domaine public"),
}
