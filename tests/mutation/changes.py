"""A module with all of its mutants in it, and what each of them changes."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents

GENERATED = re.compile(r" *# type: ignore # mutmut generated")
ORIGINAL = "__mutmut_orig"


@dataclass(frozen=True)
class Mutated:
    """The source of a module with its mutants."""

    source: str
    changes: dict[str, str]  # name of the mutant -> the lines that it takes out and puts in

    @classmethod
    def of(cls, path: Path) -> Mutated:
        """The module of that file, mutated."""
        mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        lines = mutated.code.splitlines()
        bodies = {
            node.name: [GENERATED.sub("", line) for line in lines[node.lineno : node.end_lineno]]
            for node in ast.walk(ast.parse(mutated.code))
            if isinstance(node, ast.FunctionDef)
        }
        return cls(
            mutated.code,
            {
                name: change(bodies[function_of(name) + ORIGINAL], bodies[name])
                for name in mutated.mutant_names
            },
        )


def function_of(mutant: str) -> str:
    """The name, as mutmut writes it, of the function that a mutant is of."""
    return mutant.rpartition("__mutmut_")[0]


def change(original: list[str], mutant: list[str]) -> str:
    """The lines that differ, each after its - or +, without their indent."""
    differing = difflib.unified_diff(original, mutant, n=0, lineterm="")
    return "\n".join(
        re.sub(r"^([-+])\s+", r"\1 ", line) for line in differing if not line.startswith(("---", "+++", "@@"))
    )
