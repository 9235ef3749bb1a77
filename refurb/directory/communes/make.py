"""Makes the list of communes anew: `python -m refurb.directory.communes.make communes.json`."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from refurb.directory.communes import LIST


def parts_of(communes: list[dict[str, object]]) -> dict[str, str]:
    """The lines of each part, by the two digits that its postcodes begin with; communes of today only, as those of before have none."""
    lines: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for each in communes:
        postcodes = each.get("codesPostaux")
        if each["type"] == "commune-actuelle" and isinstance(postcodes, list):
            for postcode in postcodes:
                lines[postcode[:2]].append((postcode, str(each["nom"]), str(each["code"])))
    return {part: "".join(f"{at}\t{code}\t{name}\n" for at, name, code in sorted(rows)) for part, rows in sorted(lines.items())}


def make(source: Path) -> None:
    """Write the list; the same source gives the same bytes."""
    with ZipFile(LIST, "w") as made:
        for part, text in parts_of(json.loads(source.read_text(encoding="utf-8"))).items():
            made.writestr(ZipInfo(part), text, compress_type=ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
