"""The floors of the house: an import goes down, never up, and what may not enter a floor does not."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("flows", "transforms", "schemas")
LONGEST_MODULE = 300

MAY_IMPORT_OF_OURS = {
    "flows": {"flows", "transforms", "schemas"},
    "transforms": {"transforms", "schemas"},
    "schemas": {"schemas"},
}
TRANSFORMS_MAY_IMPORT = {"polars", "pandera", "pydantic", *MAY_IMPORT_OF_OURS["transforms"]}
MAY_ADD_IN_ARRAYS = "transforms/compensation/sums.py"
"""The one rule that imports numpy: frames can't add a value in its place, and grouping takes far longer."""
SCHEMAS_MAY_NOT_IMPORT = {"prefect", "duckdb"}
TOUCHES_THE_WORLD = {
    "asyncio", "concurrent", "ctypes", "fileinput", "glob", "importlib", "io", "logging", "mmap",
    "multiprocessing", "os", "pathlib", "pickle", "random", "runpy", "secrets", "shelve", "shutil",
    "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
    "uuid", "zipfile",
}  # fmt: skip
CLOCK_AND_FILES = {"today", "now", "utcnow", "fromtimestamp", "read_text", "read_bytes"}
BUILTINS_OF_THE_WORLD = {"open", "print", "input", "exec", "eval", "__import__"}
FLOAT_NAMES = {"Float32", "Float64", "float"}
MONEY = (
    "transforms/compensation",
    "transforms/rewards",
    "transforms/incentives",
    "transforms/officers",
    "transforms/payout",
)


def modules(*folders: str) -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=module)


def floor_of(module: str) -> str:
    return module.partition("/")[0]


def imports(module: str) -> Iterator[str]:
    """The full names that a module imports, wherever in it; a relative one counts as of its own floor."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if node.module and not node.level else floor_of(module)


def imported_roots(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports(module)}


@pytest.mark.parametrize("module", modules(*FLOORS))
def test_an_import_goes_down_and_never_up(module: str) -> None:
    of_ours = imported_roots(module) & {*FLOORS, "tests"}
    assert of_ours <= MAY_IMPORT_OF_OURS[floor_of(module)]


@pytest.mark.parametrize("module", modules("schemas"))
def test_a_declaration_knows_neither_prefect_nor_the_database(module: str) -> None:
    assert not imported_roots(module) & SCHEMAS_MAY_NOT_IMPORT


@pytest.mark.parametrize("module", modules("transforms"))
def test_a_rule_imports_frames_and_what_can_not_touch_the_world(module: str) -> None:
    roots = imported_roots(module)
    assert not roots & TOUCHES_THE_WORLD
    allowed = TRANSFORMS_MAY_IMPORT | ({"numpy"} if module == MAY_ADD_IN_ARRAYS else set())
    assert roots - allowed <= sys.stdlib_module_names


@pytest.mark.parametrize("module", modules("transforms"))
def test_a_rule_opens_no_file_and_asks_no_clock(module: str) -> None:
    assert not list(touches(tree(module)))


def touches(parsed: ast.Module) -> Iterator[str]:
    """Each place that opens, prints, asks the clock, or has polars read or write a file."""
    for node in ast.walk(parsed):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS_OF_THE_WORLD:
                yield f"line {node.lineno}: {name}()"
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK_AND_FILES:
                yield f"line {node.lineno}: .{name}()"
            case ast.Attribute(value=ast.Name(id="pl"), attr=name) if name.startswith(("read_", "scan_")):
                yield f"line {node.lineno}: pl.{name}"
            case ast.Call(func=ast.Attribute(attr=name)) if name.startswith(("write_", "sink_")):
                yield f"line {node.lineno}: .{name}()"


@pytest.mark.parametrize("module", modules(*MONEY))
def test_money_meets_no_float(module: str) -> None:
    assert not list(floats(tree(module)))


def floats(parsed: ast.Module) -> Iterator[str]:
    """Each float: a literal, the type, polars' types."""
    for node in ast.walk(parsed):
        match node:
            case ast.Constant(value=float()):
                yield f"line {node.lineno}: a float literal"
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in FLOAT_NAMES:
                yield f"line {node.lineno}: {name}"


def test_only_the_night_flow_imports_prefect() -> None:
    importers = [module for module in modules(*FLOORS) if "prefect" in imported_roots(module)]
    assert importers == ["flows/prefect_night.py"]


def test_every_folder_of_code_is_a_package() -> None:
    folders = {(ROOT / module).parent for module in modules(*FLOORS)}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("module", modules(*FLOORS))
def test_a_module_says_what_it_is_and_can_be_held_in_the_head(module: str) -> None:
    assert ast.get_docstring(tree(module))
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("open('x')", 1),
        ("date.today()", 1),
        ("pl.read_csv(path)", 1),
        ("frame.write_csv(path)", 1),
        ("frame.select(pl.col('read_at'))", 0),
    ],
)
def test_the_look_for_files_and_clock_finds_them(source: str, found: int) -> None:
    assert len(list(touches(ast.parse(source)))) == found


@pytest.mark.parametrize(
    ("source", "found"), [("x * 0.3", 1), ("pl.Float64", 1), ("float(x)", 1), ("x * 3 // 10", 0)]
)
def test_the_look_for_floats_finds_them(source: str, found: int) -> None:
    assert len(list(floats(ast.parse(source)))) == found
