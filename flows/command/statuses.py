"""`status`: every period of the last run, and the release."""

import argparse
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from extractors.errors import ArgumentsError
from flows.command import every, show
from flows.command.asked_options import last_of, print_json
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.decided import decided
from flows.state.holdings import by_kind, holdings
from flows.state.news import news_of
from flows.state.periods import PeriodState, period_states
from flows.state.standing import changed_since, standing
from measures.closed.process import Closed
from measures.release.reading import read_manifest


def status(asked: argparse.Namespace, early: Closed | None) -> int:
    if asked.every == bool(asked.study):
        raise ArgumentsError("Say either the name of a study or --all.")
    if asked.every:
        return every.every_study(asked.workspace, as_json=asked.json)
    prepared = prepare(last_of(asked), look=False, early=early)
    states = states_of(prepared)
    if asked.json:
        print_json(
            {
                **status_json(prepared, states),
                "workspace": by_kind(holdings(prepared.workspace)),
            }
        )
    else:
        show.show_status(Console(), prepared, states, _release(prepared))
    return 0


def states_of(prepared: Prepared) -> list[PeriodState]:
    return period_states(prepared.jobs.values())


def status_json(prepared: Prepared, states: Sequence[PeriodState]) -> dict[str, Any]:
    periods = [state.as_json(prepared.workspace) for state in states]
    news = news_of(prepared.workspace, prepared.places.snapshot_key)
    return {
        "study": prepared.study.name,
        "periods": periods,
        "release": release_json(prepared),
        "news": {"weeks": list(news.weeks)} if news else None,
    }


def release_json(prepared: Prepared) -> dict[str, Any] | None:
    """The release, its folder relative to the workspace; None if there is none."""
    folder = _release(prepared)
    if folder is None:
        return None
    found = decided(prepared.workspace.release)
    return {
        "folder": folder,
        "number": found.number,
        "state": found.state,
        "decisions": list(found.decisions),
        "changed_since": changed_since(prepared.workspace.release),
    }


def _release(prepared: Prepared) -> str | None:
    """Where the release lies, relative to the workspace; None if there is none."""
    folder = standing(prepared.workspace)
    return prepared.workspace.relative(folder) if read_manifest(folder) else None
