"""What an attestation d'effacement says of each medium, as a test reads it."""

from refurb.documents.content import Sides


def media(content):
    """For each block, in order: its title, and every label with its value, the left one where both lists have it. Of a paper or a draft."""
    blocks = content["blocks"] if isinstance(content, dict) else [_data(each) for each in content.blocks if isinstance(each, Sides)]
    return [
        {"": each["title"], **dict(item for listed in reversed(each["lists"]) for item in listed["items"])}
        for each in blocks
        if each["type"] == "sides"
    ]


def _data(block):
    return {"type": "sides", "title": block.title, "lists": [{"items": each.items} for each in (block.left, block.right)]}


def rows(content, caption):
    """The rows of the table of that name; none where there is none."""
    return next((each["rows"] for each in content["blocks"] if each["type"] == "table" and each["caption"] == caption), [])
