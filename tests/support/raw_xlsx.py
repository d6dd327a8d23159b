"""Workbooks (.xlsx) from XML written by hand, for what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def worksheet(rows: str, behind: str = "", namespace: str = MAIN) -> str:
    """A sheet's part with these row elements and what stands behind them."""
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData>{behind}</worksheet>'


def row_of(cells: str, number: int = 1) -> str:
    """A row element with these cell elements."""
    return f'<row r="{number}">{cells}</row>'


def styles(*formats: str | int) -> str:
    """A styles part: cell style i has the i-th format, a code or the number of a built-in one."""
    codes = "".join(
        f'<numFmt numFmtId="{200 + index}" formatCode={quoteattr(code)}/>'
        for index, code in enumerate(formats)
        if isinstance(code, str)
    )
    cell_styles = "".join(
        f'<xf numFmtId="{200 + index if isinstance(code, str) else code}"/>'
        for index, code in enumerate(formats)
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{cell_styles}</cellXfs></styleSheet>'
    )


def shared_texts(*items: str) -> str:
    """A part of shared texts, each the XML inside its `si` element."""
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def raw_xlsx_parts(
    sheets: Mapping[str, str], workbook_properties: str = "", office: str = OFFICE, main: str = MAIN
) -> dict[str, str]:
    """All parts of a workbook by name, with these sheets' parts by sheet name."""
    numbered = list(enumerate(sheets.items(), start=1))
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, (name, _) in numbered
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in numbered
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        f"{workbook_properties}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rIdS" Type="{office}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": styles(0),
        "xl/sharedStrings.xml": shared_texts(),
        **{f"xl/worksheets/sheet{number}.xml": part for number, (_, part) in numbered},
    }


def write_parts(path: Path, parts: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> Path:
    """An archive of these parts; a name may come twice when they are given as pairs."""
    pairs = parts.items() if isinstance(parts, Mapping) else parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return path


def write_raw_xlsx(
    path: Path,
    rows: str,
    *,
    behind: str = "",
    style_part: str = "",
    shared_text_part: str = "",
    workbook_properties: str = "",
) -> Path:
    """A workbook of one sheet, 表一, with these row elements."""
    parts = raw_xlsx_parts({"表一": worksheet(rows, behind)}, workbook_properties)
    if style_part:
        parts["xl/styles.xml"] = style_part
    if shared_text_part:
        parts["xl/sharedStrings.xml"] = shared_text_part
    return write_parts(path, parts)
