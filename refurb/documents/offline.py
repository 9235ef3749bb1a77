"""One file that checks papers without us: it holds the keys of this instance, runs from a folder, and speaks to nobody."""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import force_locale

from refurb.documents.words import PAPER_KINDS
from refurb.kernel.deeds.paper_keys import PaperKey
from refurb.kernel.speech.words import _l

_FOLDER = Path(__file__).parent / "verifier"
_VENDOR = Path(__file__).parents[1] / "static" / "vendor"
_CODES = ("/* jsQR 1.4.0, Cosmo Wolfe and Jefff Nelson, Apache-2.0: https://www.apache.org/licenses/LICENSE-2.0 */", "jsqr.js")
"""What reads codes of a photo where the browser does not: its name and its licence go with it into the file."""

_SCRIPTS = ("ed25519.js", "code.js", "pdf.js", "page.js")
_LANGUAGES = ("fr", "en")
_TEXTS = {
    "title": _l("Vérifier un document sans connexion"),
    "from": _l("%(issuer)s : vérification hors ligne"),
    "intro": _l(
        "Cette page vérifie les documents de %(issuer)s sans rien envoyer à personne : "
        "vos fichiers restent sur cet appareil, et elle marche sans Internet."
    ),
    "pdf": _l("Le PDF que vous avez reçu"),
    "pdf_help": _l("Le plus sûr : tous ses mots sont comparés à ceux qui ont été signés."),
    "photo": _l("Une photo du code « Vérifier hors ligne »"),
    "photo_help": _l("Le second carré, au bas du document, bien à plat et net."),
    "code": _l("Ou le code, tapé ou collé"),
    "code_help": _l("Il est imprimé à côté des carrés. Espaces, majuscules et minuscules n'ont pas d'importance."),
    "check": _l("Vérifier"),
    "v_ok": _l("Les mots de %(number)s sont ceux que %(issuer)s a signés"),
    "w_ok": _l(
        "Le code est signé par une clé de l'organisation, et les mots écrits dans ce PDF sont ceux du %(day)s. Le fichier lui-même, "
        "octet par octet, se compare sur la page de vérification en ligne."
    ),
    "v_signed": _l("Le code est bien signé : comparez à votre document"),
    "w_signed": _l(
        "Ce code vient de l'organisation. Il ne dit rien du reste du papier que vous tenez : comparez vous-même les lignes ci-dessous, "
        "ou donnez aussi le PDF."
    ),
    "v_changed": _l("Ce PDF a été changé"),
    "w_changed": _l("Le code est bien signé, mais pour d'autres mots que ceux de ce PDF. Ne vous en servez pas : demandez l'original."),
    "v_forged": _l("Ce code est faux"),
    "w_forged": _l("Il se réclame d'une clé de l'organisation, qui ne l'a pas signé : il a été fabriqué, ou un signe est mal recopié."),
    "v_stranger": _l("Ce code n'est signé par aucune clé connue ici"),
    "w_stranger": _l("Il vient d'une autre organisation, ou d'une clé plus récente que ce fichier : téléchargez celui d'aujourd'hui."),
    "v_retired": _l("Ce code est signé par une clé qui ne servait pas ce jour-là"),
    "w_retired": _l("Le document se dit du %(day)s, où cette clé ne signait pas. Demandez à l'organisation."),
    "v_other": _l("Ce code n'est pas celui de ce PDF"),
    "w_other": _l("Le code est bien signé, mais il n'est pas imprimé sur ce PDF : c'est un autre document, ou le code y a été remplacé."),
    "v_no_code": _l("Ce n'est pas un code de nos documents"),
    "w_no_code": _l("Un signe manque peut-être, ou un autre code a été lu."),
    "v_unsigned": _l("Ce PDF ne porte pas de code signé"),
    "w_unsigned": _l("Il a été émis avant que nos documents en portent, ou le code a été retiré. Vérifiez-le en ligne."),
    "v_no_pdf": _l("Ce fichier ne se lit pas comme un de nos PDF"),
    "w_no_pdf": _l("Il a été enregistré de nouveau par un logiciel, protégé, ou c'est autre chose. Demandez le fichier d'origine."),
    "looking": _l("Le code est cherché sur la photo…"),
    "v_no_photo": _l("Aucun code signé ne se lit sur cette photo"),
    "w_no_photo": _l("Reprenez-la de plus près, bien à plat, ou tapez le code imprimé."),
    "v_nothing": _l("Rien à vérifier encore"),
    "w_nothing": _l("Choisissez un PDF ou une photo, ou tapez le code."),
    "difference": _l("Les données jointes disent « %(told)s », la page dit « %(printed)s »."),
    "missing": _l("Les données jointes disent « %(told)s », qu'aucune page ne dit."),
    "laid_over": _l("Quelque chose a été posé sur les pages après l'émission, ou des mots n'y sont pas visibles."),
    "compared": _l("Ce qui est signé, et ce qui est imprimé"),
    "compare_by_eye": _l("Ce qui est signé, à comparer à l'œil"),
    "field": _l("Ligne"),
    "signed_column": _l("Signé"),
    "printed_column": _l("Imprimé"),
    "result_column": _l("Comparaison"),
    "same": _l("identique"),
    "differs": _l("différent"),
    "f_kind": _l("Document"),
    "f_number": _l("Numéro"),
    "f_date": _l("Émis le"),
    "f_issuer": _l("Par"),
    "f_words": _l("Empreinte de tous les mots"),
    "covered": _l("Couvert par la signature : le type, le numéro, la date, l'organisation, et chaque mot et chaque nombre écrits."),
    "not_covered": _l(
        "Non couvert : ce qui est dessiné sans être écrit (logo, signatures, mise en page, un trait ou une forme posés sur un mot) et la "
        "forme des lettres. Et rien ne dit ici si le document a été annulé ou remplacé depuis : seule la vérification en ligne le sait."
    ),
    "keys_title": _l("Les clés de ce fichier"),
    "keys_help": _l(
        "Elles sont aussi publiées sur le site de l'organisation : comparez-les si ce fichier vous vient de quelqu'un d'autre."
    ),
    "key_since": _l("%(name)s, depuis le %(since)s"),
    "key_until": _l("%(name)s, du %(since)s au %(until)s"),
}


def key_json(key: PaperKey) -> dict[str, Any]:
    """A key as the file and the site tell it: `number` in hexadecimal, `public` its 32 bytes in base 64, days in ISO 8601."""
    return {
        "line": str(key.key),
        "number": key.key.number.hex(),
        "public": base64.b64encode(key.key.public).decode(),
        "since": key.since.isoformat(),
        "until": key.until.isoformat() if key.until else None,
    }


def offline_file(keys: list[PaperKey], issuer: str) -> bytes:
    """The file, in French and English, with these keys; `issuer` is the organisation's name."""
    texts = {each: _texts(each) for each in _LANGUAGES}
    told = {"keys": [key_json(each) for each in keys], "issuer": issuer, "texts": texts}
    # A name with « </script> » in it closes nothing.
    script = f"const TOLD = {json.dumps(told, ensure_ascii=False).replace('<', chr(92) + 'u003c')};\n{_script()}"
    style = (_FOLDER / "page.css").read_text()
    policy = f"style-src {_sum(style)}; script-src {_sum(script)}"
    filled = {
        "@POLICY@": policy, "@TITLE@": texts["fr"]["title"], "@STYLE@": style, "@SCRIPT@": script,
        "@NOSCRIPT@": "Cette page a besoin de JavaScript. This page needs JavaScript.",
    }  # fmt: skip
    page = (_FOLDER / "page.html").read_text()
    for mark, text in filled.items():
        page = page.replace(mark, text, 1)
    return page.encode()


@lru_cache
def _script() -> str:
    parts = [(_FOLDER / name).read_text().replace('"use strict";\n', "", 1) for name in _SCRIPTS]
    return "\n".join((_CODES[0], (_VENDOR / _CODES[1]).read_text(), *parts))


def _texts(language: str) -> dict[str, str]:
    with force_locale(language):
        kinds = {f"kind_{kind.value}": str(name) for kind, name in PAPER_KINDS.items()}
        return {name: str(text) for name, text in _TEXTS.items()} | kinds


def _sum(text: str) -> str:
    """How a policy of content names a script or a style by its sum (CSP 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
