"""What an .xlsx or .xlsm says of its sheets: their parts and the cell styles that show percents."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from flows.reading.archive import Archive
from flows.reading.number_formats import NumberFormat, number_format
from flows.reading.unreadable import damaged
from flows.reading.xml_parts import Attributes, local_name, walk


@dataclass(frozen=True)
class Relation:
    """A pointer from one part to another: the last word of its type, and the part's name."""

    kind: str
    part: str


@dataclass(frozen=True)
class Book:
    """`sheets` are (name, part) in the order of the workbook; the styles are indexes of cell styles."""

    sheets: tuple[tuple[str, str], ...]
    percent_styles: frozenset[int]


def read_book(archive: Archive) -> Book:
    """Find the sheets' parts.

    Raises:
        UnreadableWorkbook: a part is missing or broken.
    """
    workbook = main_part(archive)
    relations = part_relations(archive, workbook)
    sheets: list[tuple[str, str]] = []

    def on_start(name: str, attributes: Attributes) -> None:
        if local_name(name) == "sheet":
            relation = relations.get(_relation_id(attributes))
            if relation is None:
                raise damaged("sheet without its part")
            sheets.append((attributes.get("name", ""), relation.part))

    walk(archive.chunks(workbook), on_start)
    names = [name.casefold() for name, _ in sheets]
    if len(set(names)) < len(names):
        raise damaged("two sheets of one name")
    styles = next((relation.part for relation in relations.values() if relation.kind == "styles"), None)
    return Book(tuple(sheets), percent_styles(archive, styles) if styles else frozenset())


def main_part(archive: Archive) -> str:
    """The workbook's own part, `xl/workbook.xml` or `xl/workbook.bin` as a rule."""
    for relation in part_relations(archive, "").values():
        if relation.kind == "officeDocument":
            return relation.part
    raise damaged("no main part")


def part_relations(archive: Archive, part: str) -> dict[str, Relation]:
    """By their id, what a part points at; the empty name stands for the archive itself."""
    folder, name = posixpath.split(part)
    relations: dict[str, Relation] = {}

    def on_start(name: str, attributes: Attributes) -> None:
        if local_name(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            kind = posixpath.basename(attributes.get("Type", ""))
            relation_id = attributes.get("Id", "")
            if relation_id in relations:
                raise damaged("two relations of one id")
            relations[relation_id] = Relation(kind, target.lstrip("/"))

    walk(archive.chunks(posixpath.join(folder, "_rels", f"{name}.rels")), on_start)
    return relations


@dataclass
class _Styles:
    codes: dict[int, str] = field(default_factory=dict)
    format_ids: list[int] = field(default_factory=list)
    enclosing: str = ""

    def on_start(self, name: str, attributes: Attributes) -> None:
        match local_name(name), self.enclosing:
            case ("numFmts" | "cellXfs") as enclosing, "":
                self.enclosing = enclosing
            case "numFmt", "numFmts":
                self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            case "xf", "cellXfs":
                self.format_ids.append(int(attributes.get("numFmtId", "0")))

    def on_end(self, name: str) -> None:
        if local_name(name) == self.enclosing:
            self.enclosing = ""


def percent_styles(archive: Archive, part: str) -> frozenset[int]:
    """The indexes of the cell styles that show a number as a percent."""
    if archive.find(part) is None:
        return frozenset()
    styles = _Styles()
    walk(archive.chunks(part), styles.on_start, styles.on_end)
    return frozenset(
        style
        for style, format_id in enumerate(styles.format_ids)
        if number_format(format_id, styles.codes.get(format_id)) is NumberFormat.PERCENT
    )


def _relation_id(attributes: Attributes) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
