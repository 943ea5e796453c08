"""Prefect's server, asked as its UI asks."""

import base64
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# seconds that a run may take, on a machine that is busy with other things
LONGEST = 120
ENDS = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Prefect:
    url: str
    auth: str = ""

    def runs(self, name: str, workspace: Path) -> list[dict[str, Any]]:
        """The flow runs of this name in a workspace, the first one first; other tests
        have runs of the same name.
        """
        found = self.ask(
            "flow_runs/filter",
            {"flow_runs": {"name": {"any_": [name]}}, "sort": "START_TIME_ASC"},
        )
        return [
            run
            for run in found
            if run["parameters"]["options"]["workspace"] == str(workspace)
        ]

    def tasks(self, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The task runs of a flow run by name; each name occurs once."""
        tasks = self.ask(
            "task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}
        )
        named = {task["name"]: task for task in tasks}
        assert len(named) == len(tasks)
        return named

    def artifacts(self, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The artifacts of a flow run by key; each key occurs once."""
        found = self.ask(
            "artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
        )
        named = {each["key"]: each for each in found}
        assert len(named) == len(found)
        return named

    def start(
        self, deployment: str, parameters: dict[str, Any], at: str | None = None
    ) -> dict[str, Any]:
        """A new flow run of a deployment, scheduled for this time."""
        id = self.ask(f"deployments/name/cohortflow/{deployment}")["id"]
        state = (
            {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
            if at
            else None
        )
        return self.ask(
            f"deployments/{id}/create_flow_run",
            {"parameters": parameters, "state": state},
        )

    def ended(self, run: dict[str, Any]) -> dict[str, Any]:
        """The flow run, once it has come to an end."""
        end = time.monotonic() + LONGEST
        while (now := self.ask(f"flow_runs/{run['id']}"))["state_type"] not in ENDS:
            assert time.monotonic() < end, f"the run does not end: {now['state']}"
            time.sleep(0.3)
        return now

    def ask(
        self,
        path: str,
        question: dict[str, Any] | None = None,
        method: str | None = None,
    ) -> Any:
        body = (
            None
            if question is None
            else json.dumps(
                {"limit": 200, **question} if "filter" in path else question
            )
        )
        request = urllib.request.Request(
            f"{self.url}/{path}", None if body is None else body.encode(), method=method
        )
        request.add_header("Content-Type", "application/json")
        if self.auth:
            request.add_header(
                "Authorization",
                f"Basic {base64.b64encode(self.auth.encode()).decode()}",
            )
        for _patience in range(20):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer) if answer.status != 204 else None
            except urllib.error.HTTPError as error:
                error.close()
                # SQLite was busy; Prefect says so, and its own clients ask again
                if error.code != 503:
                    raise
            time.sleep(0.5)
        raise AssertionError("the server is busy for ever")
