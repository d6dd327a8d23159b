"""Finding what is new in the inbox: which files, in which order, known by their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import category

from flows.errors import WrongUseError
from flows.settings import modified_at

IGNORED_PREFIXES = (".", "~$")
IGNORED_SUFFIXES = (".tmp", ".part", ".crdownload", ".lnk")
_DIGESTS_AT_ONCE = 4
UNSHOWN, UNSHOWN_MARK = ("Cc", "Cf", "Cs", "Zl", "Zp"), "\ufffd"
IGNORED_NAMES = ("thumbs.db", "desktop.ini")


class InboxMissingError(WrongUseError):
    """There is no inbox where one was expected."""


@dataclass(frozen=True)
class Upload:
    """A file of the inbox; `upload_id` is the SHA-256 of its content."""

    path: Path
    upload_id: str
    received_at: datetime

    @property
    def name(self) -> str:
        """The file's name as it may be shown and stored."""
        return shown_name(self.path)


@dataclass(frozen=True)
class Inbox:
    """What the inbox holds that is new, in the order received, and what could not be opened or is a link."""

    uploads: tuple[Upload, ...]
    unopened: tuple[Path, ...]
    links: tuple[Path, ...] = ()


def find_uploads(inbox: Path, known: Collection[str]) -> Inbox:
    """The files of an inbox and its sub-folders whose content is not known yet, by time and then name.

    Of several files with the same content the first counts. Files are left where they are. Links are not
    followed, since they lead out of the inbox or nowhere.
    Raises InboxMissingError.
    """
    require_inbox(inbox)
    uploads: list[Upload] = []
    unopened = []
    seen = set(known)
    entries = list(_entries(inbox))
    files = sorted(
        (modified_at(entry), entry.name, Path(entry.path))
        for entry in entries
        if entry.is_file(follow_symlinks=False)
    )
    with ThreadPoolExecutor(_DIGESTS_AT_ONCE) as threads:
        digests = threads.map(_digest_if_readable, [path for _, _, path in files])
    for (received_at, _, path), upload_id in zip(files, digests, strict=True):
        if upload_id is None:
            unopened.append(path)
        elif upload_id not in seen:
            seen.add(upload_id)
            uploads.append(Upload(path, upload_id, received_at))
    links = sorted(Path(entry.path) for entry in entries if entry.is_symlink())
    return Inbox(tuple(uploads), tuple(unopened), tuple(links))


def link_notes(inbox: Inbox) -> tuple[str, ...]:
    """What is to be said of the links of an inbox."""
    return tuple(
        f"「{shown_name(path)}」是链接{'' if path.exists() else '，且所指的文件不存在'}，未读取；"
        "请放入文件本身。"
        for path in inbox.links
    )


def shown_name(path: Path) -> str:
    """A file's name with marks in place of what no list should hold.

    These are line breaks and other control characters, marks that change the direction of writing or can't
    be seen, and bytes that are no UTF-8.
    """
    return "".join(UNSHOWN_MARK if category(letter) in UNSHOWN else letter for letter in path.name)


def require_inbox(inbox: Path) -> None:
    """Raises InboxMissingError when there is no such folder: a night without its inbox is a mistake."""
    if not inbox.is_dir():
        reason = f"there is no inbox at {inbox}: make the folder, or name another one with --inbox"
        raise InboxMissingError(reason)


def content_digest(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _digest_if_readable(path: Path) -> str | None:
    try:
        return content_digest(path)
    except OSError:
        return None


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Files and links at any depth, but for what programs leave there and folders that can't be opened."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(IGNORED_PREFIXES):
                yield from _entries(entry.path)
        elif not _is_ignored(entry.name):
            yield entry


def _is_ignored(name: str) -> bool:
    """Whether a file is a program's own: a lock, a half-finished download, a folder's settings."""
    lowered = name.lower()
    return (
        lowered.startswith(IGNORED_PREFIXES) or lowered.endswith(IGNORED_SUFFIXES) or lowered in IGNORED_NAMES
    )
