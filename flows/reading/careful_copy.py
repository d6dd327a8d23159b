"""Small copies of a workbook with large sheets, for the careful reader."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from flows.reading.archive import Archive, open_archive
from flows.reading.careful_xlsx import read_carefully
from flows.reading.divided import MOST_REST_BYTES, NotPlainError
from flows.reading.limits import LAST_ROW, ReadingLimits
from flows.reading.xlsx_book import read_book
from schemas.raw_sheet import BLANK, CELL_KIND, RawSheet

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NO_CELLS = f'<worksheet xmlns="{_NAMESPACE}"><sheetData/></worksheet>'.encode()
_SHARED_TEXTS = "xl/sharedStrings.xml"


@dataclass(frozen=True)
class CarefulCopy:
    """The parts of a workbook that are the same in all copies, and those of its sheets."""

    parts: Mapping[str, bytes]
    sheets: Mapping[str, str]
    """The stored names of the sheets' parts by the sheets' names."""
    large: str
    """The name of the sheet in whose place values are read."""
    limits: ReadingLimits

    @classmethod
    def of(cls, archive: Archive, limits: ReadingLimits, but: Collection[str]) -> CarefulCopy:
        """Copy the parts but some that will be replaced; every part is checked, but for those.

        Raises:
            NotPlainError: the parts are too large to be copied.
            UnreadableWorkbook: a part is damaged or unsafe.
        """
        copied = {name for name in archive.parts if name.endswith((".xml", ".rels")) and name not in but}
        if sum(archive.parts[name].file_size for name in copied) > MOST_REST_BYTES:
            raise NotPlainError
        archive.check(but=copied | set(but))
        sheets = {name: archive.find(part) or part for name, part in read_book(archive).sheets}
        large = next(name for name, part in sheets.items() if part in but)
        return cls({name: archive.read(name) for name in copied}, sheets, large, limits)

    def small_sheets(self) -> list[bytes]:
        """The sheets' parts that are copied as they are."""
        return [self.parts[part] for part in self.sheets.values() if part in self.parts]

    def read(self, sheets: Mapping[str, bytes], texts: Sequence[bytes]) -> list[RawSheet]:
        """The worksheets with some parts replaced, and with these items of shared texts.

        Raises:
            UnreadableWorkbook: as the careful reader.
        """
        shared = b'<sst xmlns="%b">%b</sst>' % (_NAMESPACE.encode(), b"".join(texts))
        written = BytesIO()
        with zipfile.ZipFile(written, "w") as file:
            for name, content in ({**self.parts, **sheets, _SHARED_TEXTS: shared}).items():
                file.writestr(name, content)
        return read_carefully(open_archive(written.getvalue(), self.limits), self.limits)

    def values(self, cells: pl.Series, texts: Sequence[bytes]) -> pl.DataFrame:
        """What is `read` in each cell, and of what `kind` it is.

        The cells are given from behind their references on, as in ` s="1"><v>2</v></c>`.

        Raises:
            NotPlainError: there are more than a sheet has rows.
            UnreadableWorkbook: as the careful reader.
        """
        if len(cells) > LAST_ROW:
            raise NotPlainError
        rows = (
            pl.DataFrame({"cell": cells})
            .with_row_index("row_number", offset=1)
            .cast({"row_number": pl.Int64})
        )
        number = pl.col("row_number")
        written = rows.select(pl.format('<row r="{}"><c r="A{}"{}</row>', number, number, "cell")).to_series()
        part = f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{"".join(written)}</sheetData></worksheet>'
        sheets = dict.fromkeys(self.sheets.values(), _NO_CELLS) | {self.sheets[self.large]: part.encode()}
        read = {raw.name: raw.cells for raw in self.read(sheets, texts)}
        if self.large not in read:
            raise NotPlainError
        if read[self.large].width == 1:
            return rows.select(read=pl.lit(None, pl.String), kind=pl.lit(BLANK, CELL_KIND))
        return rows.join(read[self.large], on="row_number", how="left", maintain_order="left").select(
            pl.col("text_0").alias("read"), pl.col("kind_0").fill_null(BLANK).alias("kind")
        )
