"""`status`: every period of the last run, and the release."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from extractors.errors import ArgumentsError
from flows.command import every, of_sites, show
from flows.command.asked_options import last_of, print_json
from flows.command.released import release_json, release_place
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.holdings import by_kind, holdings
from flows.state.news import news_of
from flows.state.periods import PeriodState, period_states
from flows.state.summed import sums_of
from measures.closed.process import Closed


def status(asked: argparse.Namespace, early: Closed | None) -> int:
    if asked.every == bool(asked.study):
        raise ArgumentsError("Say either the name of a study or --all.")
    if asked.every:
        return every.every_study(asked.workspace, as_json=asked.json)
    if sums := sums_of(asked.study, Path(asked.workspace).absolute()):
        return of_sites.show_sums(sums, as_json=asked.json)
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
        place = release_place(prepared.workspace)
        show.show_status(Console(), prepared, states, place)
    return 0


def states_of(prepared: Prepared) -> list[PeriodState]:
    return period_states(prepared.jobs.values())


def status_json(prepared: Prepared, states: Sequence[PeriodState]) -> dict[str, Any]:
    periods = [state.as_json(prepared.workspace) for state in states]
    news = news_of(prepared.workspace, prepared.places.snapshot_key)
    return {
        "study": prepared.study.name,
        "periods": periods,
        "release": release_json(prepared.workspace),
        "news": {"weeks": list(news.weeks)} if news else None,
    }
