"""The commands `combine` and `sites`: what they print. What they load is loaded when
one of them is called.
"""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.command import show
from flows.command.released import release_json, release_place
from flows.state.decided import decided
from flows.state.standing import changed_since
from flows.state.summed import Sums
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
    answer = siting.sites(asked, early)
    said = answer.pop("said")
    if asked.json:
        _print_json(answer)
    else:
        print("\n".join(said))
    return 0


def show_sums(sums: Sums, *, as_json: bool) -> int:
    """What `status` and `approve` say of the sums of several sites; the exit code."""
    workspace = sums.workspace
    if as_json:
        _print_json(
            {
                "study": workspace.study,
                "sites": list(sums.sites),
                "periods": sums.periods,
                "release": release_json(workspace),
            }
        )
        return 0
    console = Console()
    of = " (of made-up records)" if sums.made_up else ""
    console.print(
        f"Sums of {', '.join(sums.sites)}: {sums.periods} periods, which the sites have "
        "counted.",
        soft_wrap=True,
        highlight=False,
    )
    console.print(f"Release: {release_place(workspace)}{of}", soft_wrap=True)
    show.show_decided(console, decided(workspace.release))
    show.show_changed(console, changed_since(workspace.release))
    return 0


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, default=str))
