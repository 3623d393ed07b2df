"""What import-linter cannot see: the map is the tree, and nothing grows beyond what one can read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app

ROOT = Path(app.__file__).parent
TESTS = Path(__file__).parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MEDIAN_FILE = 100
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def functions(source: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, FUNCTION):
            yield node


def test_the_map_is_the_tree() -> None:
    mapped = re.findall(r"^ +([\w./]+)  +\S", app.__doc__ or "", re.MULTILINE)
    found = [f"{path.name}/" if path.is_dir() else path.name for path in ROOT.iterdir()]
    ours = {name for name in found if name not in ("__init__.py", "__pycache__/")}
    assert len(mapped) == len(set(mapped))
    assert set(mapped) == ours


def test_files_are_short() -> None:
    lengths = {str(source.relative_to(ROOT)): len(source.read_text().splitlines()) for source in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert sorted(lengths.values())[len(lengths) // 2] < MEDIAN_FILE


def test_tests_are_short() -> None:
    lengths = {str(test.relative_to(TESTS)): len(test.read_text().splitlines()) for test in TESTS.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {
        f"{source.relative_to(ROOT)}:{function.name}": length
        for source in sources()
        for function in functions(source)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_public_functions_say_what_they_do() -> None:
    silent = [
        f"{source.relative_to(ROOT)}:{node.name}"
        for source in sources()
        for node in ast.parse(source.read_text()).body
        if isinstance(node, FUNCTION) and not node.name.startswith("_") and not ast.get_docstring(node)
        if len(node.body) > 1  # a single expression says it itself
    ]
    assert silent == []


def test_modules_say_what_they_are() -> None:
    silent = [
        str(source.relative_to(ROOT))
        for source in sources()
        if source.read_text().strip() and not ast.get_docstring(ast.parse(source.read_text()))
    ]
    assert silent == []


def test_the_three_files_that_are_the_architecture() -> None:
    for name in ("permissions.py", "record/kinds.py", "contributions/actions.py"):
        assert len((ROOT / name).read_text().splitlines()) < 150, name
