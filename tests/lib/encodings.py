"""Where a text file is opened without saying its encoding, so that the machine's
settings decide.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.lib.imports import parse

# Method of a path -> how many arguments come before its encoding.
METHODS = {"read_text": 0, "write_text": 1}
# What is opened by a method of that name, and is no path.
NO_PATHS = {"Address", "Board", "address", "records"}
# Openers whose files are bytes, or no files of text at all, unless a mode with `t` is
# said.
BYTES = {
    "os",
    "gzip",
    "webbrowser",
    "zipfile",
    "tarfile",
    "zstd",
    "lzma",
    "bz2",
    "browser",
    "page",
}
TEMPORARY = {"NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"}
PROCESSES = {"run", "Popen", "check_output", "call", "check_call"}
MODE = set("rwxabt+")


def unsaid(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every call that opens text and names no encoding."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and _leaves_open(node):
            yield node.lineno, _name(node.func)


def _leaves_open(call: ast.Call) -> bool:
    said = {keyword.arg for keyword in call.keywords}
    if "encoding" in said or None in said:  # `**settings` may have it
        return False
    name, owner = _name(call.func), _owner(call.func)
    if name in METHODS and isinstance(call.func, ast.Attribute):
        return len(call.args) <= METHODS[name]
    if name == "open":
        return _opens_text(call, owner)
    if name in TEMPORARY:
        return "b" not in (_mode(call, 0) or "w+b")
    if name == "TextIOWrapper":
        return len(call.args) < 2
    if name == "fdopen":
        return "b" not in (_mode(call, 1) or "r")
    return (
        name in PROCESSES
        and owner == "subprocess"
        and bool(said & {"text", "universal_newlines"})
    )


def _opens_text(call: ast.Call, owner: str) -> bool:
    """`open(path, mode)`, or `path.open(mode)`; others open bytes unless their mode
    says text.
    """
    if isinstance(call.func, ast.Name):
        return "b" not in (_mode(call, 1) or "r") and len(call.args) < 4
    mode = _mode(call, 1 if owner in BYTES else 0)
    if owner in BYTES:
        return mode is not None and "t" in mode
    attribute = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(attribute, ast.Call):
        owner = _owner(attribute.func)
    owner = owner or _name(attribute or call.func)
    if mode is None and (call.args or call.keywords or owner in NO_PATHS):
        return False  # its first argument is no mode, so it opens something else
    return "b" not in (mode or "r")


def _mode(call: ast.Call, place: int) -> str | None:
    """The mode that is said; None if there is none."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    given += call.args[place : place + 1]
    for value in given:
        if (
            isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and set(value.value) <= MODE
        ):
            return value.value
    return None


def _name(function: ast.expr) -> str:
    return (
        function.attr
        if isinstance(function, ast.Attribute)
        else getattr(function, "id", "")
    )


def _owner(function: ast.expr) -> str:
    value = function.value if isinstance(function, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""
