"""`plan --changes`: what a new load of the records changes, said before a run."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.running.changes import changes
from flows.state.news import News
from measures.closed.process import Closed


def plan_changes(options: Options, early: Closed | None, *, as_json: bool) -> int:
    """Read the records, and print what they change; the exit code. Raises
    CohortflowError.
    """
    found = changes(prepare(options, early=early), quiet=as_json)
    if as_json:
        print(json.dumps(changes_json(found.news, found.periods)))
    else:
        show_changes(Console(), found.news, found.periods)
    return 0


def show_changes(
    console: Console, news: News | None, periods: Mapping[str, bool]
) -> None:
    """What a new load of the records changes, before a run."""
    if news is None:
        console.print(
            f"There are no earlier records to compare with: all {len(periods)} "
            "periods can have changed."
        )
        return
    console.print(f"Records: {news.words()}.", soft_wrap=True, highlight=False)
    changed = [name for name, is_other in periods.items() if is_other]
    console.print(
        f"{len(changed)} of {len(periods)} periods can have changed; the others are "
        "as they were."
    )
    for name in changed:
        console.print(f"  {name}", highlight=False)


def changes_json(news: News | None, periods: Mapping[str, bool]) -> dict[str, Any]:
    """What `plan --changes --json` prints."""
    listed = []
    for name, is_other in periods.items():
        listed.append({"period": name, "changed": is_other})
    return {
        "compared": news is not None,
        "weeks": list(news.weeks) if news else [],
        "periods": listed,
    }
