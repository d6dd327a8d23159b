"""What a policy file must name: its parameters and readings, no more and no fewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class PolicyNames:
    """The names of one document's file; parameters that are neither days nor lists are numbers.

    `reviewed_articles` are those whose entitlements wait for a fair-competition review.
    """

    policy: str
    parameters: type[StrEnum]
    readings: Mapping[str, frozenset[str]]
    days: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    reviewed_articles: frozenset[str] = frozenset()
