"""Habits of the source that no linter knows."""

import ast

from tests.support.source import modules, nodes, place

LONGEST_FILE = 400
LOADERS = {"late.py", "__main__.py"}
BLOCKING = {"sleep", "processEvents", "terminate", "msleep", "usleep"}
NOW = {"now", "today", "utcnow"}


def called_name(node: ast.AST) -> str:
    """Return the last part of the name a call calls, or ""."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_desktop_never_waits_or_spins_or_kills() -> None:
    found = [place(path, node) for path in modules("desktop") for node in nodes(path) if called_name(node) in BLOCKING]
    assert found == []


def test_modules_are_loaded_on_demand_in_one_place() -> None:
    found = [
        place(path, node)
        for path in modules()
        if path.name not in LOADERS
        for node in nodes(path)
        if called_name(node) in {"import_module", "__import__"}
    ]
    assert found == []


def test_no_import_stands_inside_a_function() -> None:
    found = [
        place(path, inner)
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_rules_are_told_the_time() -> None:
    found = [place(path, node) for path in modules("rules") for node in nodes(path) if called_name(node) in NOW]
    assert found == []


def test_texts_to_translate_are_plain_literals() -> None:
    # pyside6-lupdate finds neither f-strings nor names, and a text it misses stays English.
    position = {"tr": 0, "translate": 1}
    found = [
        place(path, node)
        for path in modules("desktop")
        for node in nodes(path)
        if called_name(node) in position and isinstance(node, ast.Call)
        for text in node.args[position[called_name(node)] :][:1]
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str))
    ]
    assert found == []


def test_translate_has_no_other_name() -> None:
    found = [
        place(path, node)
        for path in modules("desktop")
        for node in nodes(path)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in {"tr", "translate"}
        and [ast.unparse(target) for target in node.targets] != [node.value.attr]  # lupdate knows these two by name
    ]
    assert found == []


def test_no_translation_stands_inside_an_f_string_where_lupdate_does_not_look() -> None:
    found = [
        place(path, inner)
        for path in modules("desktop")
        for node in nodes(path)
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if called_name(inner) in {"tr", "translate"}
    ]
    assert found == []
