"""The limits of the house style that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_LIMIT, FUNCTION_LIMIT, ARGUMENT_LIMIT, POSITIONAL_LIMIT = 300, 50, 6, 2
VAGUE = re.compile(r"(^|_)(utils?|helpers?|manager|process|common|misc)(_|\.py$|$)")
BANNED_WORDS = ("risk score of the family", "red flag", "high-risk child", "protected by")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b")


def tracked(suffix: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 - git is what keeps the list
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(suffix) and (ROOT / name).exists()]


def ours() -> list[Path]:
    return [f for f in tracked(".py") if "tests" not in f.relative_to(ROOT).parts]


def functions() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", node)
        for file in ours()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring apart."""
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_file_passes_the_limit() -> None:
    long = {f.name: n for f in ours() if (n := f.read_text(encoding="utf-8").count("\n")) > FILE_LIMIT}
    assert long == {}


def test_no_function_passes_the_limit() -> None:
    assert [name for name, node in functions() if lines_of(node) > FUNCTION_LIMIT] == []


def test_no_name_is_vague() -> None:
    paths = [part for file in ours() for part in file.relative_to(ROOT).parts]
    names = [node.name for _, node in functions()]
    assert [name for name in {*paths, *names} if VAGUE.search(name)] == []


def test_nothing_is_left_unfinished() -> None:
    assert [f.name for f in ours() if UNFINISHED.search(f.read_text(encoding="utf-8"))] == []


def test_words_that_harm_are_nowhere() -> None:
    said_aloud = [f for suffix in (".py", ".html", ".md") for f in tracked(suffix) if "tests" not in f.parts]
    found = {
        f"{file.relative_to(ROOT)}: {words}"
        for file in said_aloud
        for words in BANNED_WORDS
        if words in file.read_text(encoding="utf-8").lower()
    }
    assert found == set()


def test_locks_hold_no_address() -> None:
    locks = [*tracked(".lock"), *tracked("package-lock.json")]
    assert len(locks) >= 2
    assert [f.name for f in locks if re.search(r"https?://", f.read_text(encoding="utf-8"))] == []
