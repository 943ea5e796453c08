"""The commands `combine` and `sites`: what they print. What they load is loaded when
one of them is called.
"""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console

from measures.closed.process import Closed


def combine(asked: argparse.Namespace, early: Closed | None) -> int:
    # and with it the solver, and what draws
    combining = import_module("flows.command.combining")
    made = combining.combine(asked.sites, Path(asked.folder), with_report=asked.report)
    if asked.json:
        _print_json(made.as_json())
    else:
        combining.show_combined(Console(), made)
    return 0


def sites(asked: argparse.Namespace, early: Closed | None) -> int:
    # and with it the solver, and cryptography
    siting = import_module("flows.command.siting")
    told = siting.sites(asked, early)
    said = told.pop("said")
    if asked.json:
        _print_json(told)
    else:
        print("\n".join(said))
    return 0


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, default=str))
