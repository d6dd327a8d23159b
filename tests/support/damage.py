"""A workbook damaged on its way, in a thousand ways that are the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator

KINDS = ("flip", "flips", "cut", "overwrite", "leave out", "swap", "double")


def damaged(content: bytes, number: int) -> bytes:
    """The number-th damage done to a content; every second one is a single flipped bit."""
    chance = random.Random(number)  # noqa: S311 - the same every time, and no secret
    kind = "flip" if number % 2 else chance.choice(KINDS)
    at = chance.randrange(len(content))
    length = chance.randint(1, 40)
    data = bytearray(content)
    match kind:
        case "flip":
            data[at] ^= 1 << chance.randrange(8)
        case "flips":
            for _ in range(length):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "cut":
            del data[at:]
        case "overwrite":
            data[at : at + length] = chance.randbytes(length)
        case "leave out":
            del data[at : at + length]
        case "swap":
            other = chance.randrange(len(data))
            data[at], data[other] = data[other], data[at]
        case "double":
            data[at:at] = data[at : at + length]
    return bytes(data)


def damages(content: bytes, count: int) -> Iterator[bytes]:
    """So many of them."""
    return (damaged(content, number) for number in range(count))
