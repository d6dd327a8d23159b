"""Workbooks (.ods) from XML written by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{name}="{uri}"'
    for name, uri in {
        "office": f"{ODF}:office:1.0",
        "table": f"{ODF}:table:1.0",
        "text": f"{ODF}:text:1.0",
        "style": f"{ODF}:style:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
MANIFEST_ENTRY = '<manifest:file-entry manifest:full-path="content.xml"/>'


def write_ods(
    path: Path,
    tables: str,
    *,
    styles: str = "",
    manifest_entry: str = MANIFEST_ENTRY,
    mimetype: str = MIMETYPE,
) -> Path:
    """A workbook with these table elements and automatic style elements."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0">{manifest_entry}</manifest:manifest>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def table(rows: str, name: str = "表一", style: str = "") -> str:
    """A sheet of these row elements."""
    style_name = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{style_name}>{rows}</table:table>'


def row_of(cells: str, attributes: str = "") -> str:
    """A row of these cell elements."""
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def cell(text: str = "", value_type: str = "string", value: str = "", attributes: str = "") -> str:
    """A cell that shows a text; a value other than text stands in an attribute named after its type."""
    paragraph = f"<text:p>{text}</text:p>" if text else ""
    typed = f'office:value-type="{value_type}"' if value_type else ""
    named = {"float": "value", "percentage": "value", "currency": "value"}.get(
        value_type, f"{value_type}-value"
    )
    stored = f'office:{named}="{value}"' if value else ""
    return f"<table:table-cell {typed} {stored} {attributes}>{paragraph}</table:table-cell>"
