"""Old runs go from Prefect's database, by its API: the flow runs, their tasks, logs and
artifacts.
"""

import datetime
from http.client import HTTPException
from typing import Any
from urllib.request import Request

from flows.prefect_server.asking import authorization, direct
from flows.serving.api import LONGEST, ask
from flows.serving.orphans import FLOW
from flows.serving.runs import ENDED, states, study_of
from flows.serving.setting import Setting
from flows.workspace.secrets import auth_string

PAGE = 200  # what the server gives at a time
AT_ONCE = 50  # what the server deletes at a time
# runs of a study that stay, however old: what the pages show of its history
FEWEST = 10


def prune(
    setting: Setting, older_than: int, *, keep: int = FEWEST, dry_run: bool = False
) -> int | None:
    """How many runs went, or would go, that ended so many days ago; of each study the
    newest `keep` stay.

    None if there is no server that answers.
    """
    runs = _ended_runs(setting)
    if runs is None:
        return None
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=older_than)
    old = [
        run["id"]
        for run in _beyond(runs, keep)
        if datetime.datetime.fromisoformat(run["end_time"]) <= before
    ]
    if not dry_run:
        for first in range(0, len(old), AT_ONCE):
            _delete(setting, old[first : first + AT_ONCE])
    return len(old)


def _ended_runs(setting: Setting) -> list[dict[str, Any]] | None:
    """All runs of ours that have ended, the newest first."""
    found: list[dict[str, Any]] = []
    while True:
        page = ask(
            setting,
            "flow_runs/filter",
            {
                "flows": {"name": {"any_": [FLOW]}},
                "flow_runs": states(ENDED),
                "sort": "END_TIME_DESC",
                "limit": PAGE,
                "offset": len(found),
            },
        )
        if not isinstance(page, list):
            return None
        found += [run for run in page if run.get("end_time")]
        if len(page) < PAGE:
            return found


def _beyond(runs: list[dict[str, Any]], keep: int) -> list[dict[str, Any]]:
    """Those that are not among the newest so many of their study."""
    seen: dict[str, int] = {}
    found = []
    for run in runs:
        study = study_of(run.get("parameters") or {})
        seen[study] = seen.get(study, 0) + 1
        if seen[study] > keep:
            found.append(run)
    return found


def _delete(setting: Setting, runs: list[str]) -> None:
    """Artifacts first: nothing of Prefect's removes those of a run that has gone."""
    of_runs = {"artifacts": {"flow_run_id": {"any_": runs}}, "limit": PAGE}
    while artifacts := ask(setting, "artifacts/filter", of_runs):
        for each in artifacts:
            if not _removed(setting, f"artifacts/{each['id']}"):
                return
    ask(
        setting,
        "flow_runs/bulk_delete",
        {"flow_runs": {"id": {"any_": runs}}, "limit": AT_ONCE},
    )


def _removed(setting: Setting, path: str) -> bool:
    """Whether the server took a DELETE."""
    request = Request(f"{setting.api_url}/{path}", method="DELETE")
    request.add_header("Authorization", authorization(auth_string(setting.auth_file)))
    try:
        with direct().open(request, timeout=LONGEST):
            return True
    except (OSError, HTTPException):
        return False
