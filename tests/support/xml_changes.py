"""Changes to the XML of a workbook: those that leave its meaning as it is, and those that don't."""

from __future__ import annotations

import random
import re

_TAG = re.compile(r"<[^<>]+>")
_TEXT = re.compile(r"(?<=>)[^<>&]+(?=<)")
_ELEMENT = re.compile(r"<(\w+)(?: [^<>]*)?>[^<>]*</\1>|<\w+[^<>]*/>")
_ATTRIBUTE = re.compile(r' [\w:]+="[^"]*"')
SAME = ("comment", "instruction", "spaces", "reference", "raw text", "comment in text", "quotes", "open tag")
OTHER = (
    "drop element",
    "double element",
    "swap elements",
    "drop tag",
    "drop attribute",
    "other text",
    "nest",
)


def same_meaning(part: str, chance: random.Random) -> str:
    """The part written in another way."""
    kind = chance.choice(SAME)
    if kind in ("comment", "instruction", "spaces"):
        between = re.compile(r">(?=<)") if kind == "spaces" else _TAG
        at = chance.choice([found.end() for found in between.finditer(part)][:-1] or [len(part)])
        return (
            part[:at]
            + {"comment": "<!-- x -->", "instruction": "<?x y?>", "spaces": "\n  "}[kind]
            + part[at:]
        )
    if kind == "quotes":
        return part.replace('"', "'", 2)
    if kind == "open tag":
        return re.sub(r"<(\w+)([^<>]*)/>", r"<\1\2></\1>", part, count=1)
    texts = list(_TEXT.finditer(part))
    if not texts:
        return part
    found = chance.choice(texts)
    text, at = found.group(), chance.randrange(len(found.group()))
    written = {
        "reference": f"{text[:at]}&#{ord(text[at])};{text[at + 1 :]}",
        "raw text": f"<![CDATA[{text}]]>",
        "comment in text": f"{text[:at]}<!-- x -->{text[at:]}",
    }[kind]
    return part[: found.start()] + written + part[found.end() :]


def other_meaning(part: str, chance: random.Random) -> str:
    """The part with something in it broken, left out, doubled or moved."""
    kind = chance.choice(OTHER)
    pattern = {"drop tag": _TAG, "nest": _TAG, "drop attribute": _ATTRIBUTE, "other text": _TEXT}.get(
        kind, _ELEMENT
    )
    places = list(pattern.finditer(part))
    if not places:
        return part
    found = chance.choice(places)
    old, start, end = found.group(), found.start(), found.end()
    if kind == "swap elements":
        other = chance.choice(places)
        first, last = sorted((found, other), key=lambda place: place.start())
        if first.end() > last.start():
            return part
        between = part[first.end() : last.start()]
        return part[: first.start()] + last.group() + between + first.group() + part[last.end() :]
    new = {
        "double element": old * 2,
        "nest": old * chance.randint(2, 50),
        "other text": chance.choice(["-1", "1e999", "\ufffd", "0" * 400, "A1", "true"]),
    }.get(kind, "")
    return part[:start] + new + part[end:]
