"""What was typed, as the options of a run; and what programs read of the answer."""

import argparse
import json
import os
from typing import Any

from extractors.errors import ArgumentsError
from flows.preparing.options import Options
from flows.state.again import last_options


def options_of(asked: argparse.Namespace) -> Options:
    given = {}
    for name in Options.__dataclass_fields__:
        if hasattr(asked, name):
            given[name] = getattr(asked, name)
    given["periods"] = names_of(asked)
    # absolute, because a rerun may be asked for from another folder
    given["named_files"] = tuple(
        os.path.abspath(file) for file in given.get("named_files", ())
    )
    if given.get("patients", 1) < 1:
        raise ArgumentsError(
            f"--patients needs a number from 1, got {given['patients']}."
        )
    return Options(**given)


def last_of(asked: argparse.Namespace) -> Options:
    return last_options(
        asked.study, asked.workspace, name=asked.name, moved=asked.moved
    )


def names_of(asked: argparse.Namespace) -> tuple[str, ...]:
    return tuple(name for name in getattr(asked, "periods", "").split(",") if name)


def print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, default=str))
