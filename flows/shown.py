"""Which digest of a draft was shown last, so that nothing else is approved than what somebody looked at."""

from __future__ import annotations

import json
from pathlib import Path

from flows.lists.private_file import write_private


def remember_shown(warehouse: Path, batch_id: str, digest: str) -> None:
    """Note that a draft was shown; where nothing can be written beside the warehouse, nothing is noted."""
    known = _known(warehouse) | {batch_id: digest}
    try:
        write_private(_file(warehouse), json.dumps(known, indent=2).encode())
    except OSError:
        return


def shown_digest(warehouse: Path, batch_id: str) -> str | None:
    """The digest of the draft when it was last shown; none when it never was."""
    return _known(warehouse).get(batch_id)


def forget_shown(warehouse: Path, batch_id: str) -> None:
    """Drop the note of a batch that is approved."""
    known = _known(warehouse)
    if known.pop(batch_id, None) is not None:
        write_private(_file(warehouse), json.dumps(known, indent=2).encode())


def _file(warehouse: Path) -> Path:
    return warehouse.with_name(warehouse.name + ".shown")


def _known(warehouse: Path) -> dict[str, str]:
    try:
        return {str(name): str(digest) for name, digest in json.loads(_file(warehouse).read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}
