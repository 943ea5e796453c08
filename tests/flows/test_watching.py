"""What somebody sees who watches in Prefect: one flow run per command, one task run per
period.
"""

import pytest

from tests.flows.conftest import Undisturbed
from tests.flows.story import BROKEN, PERIODS, REASON, Story
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server

STEPS = {"records", "snapshot", "static", "timelines", "counts"}


@pytest.fixture
def prefect(server: Server) -> Prefect:
    return Prefect(server.url)


def test_one_task_run_per_period(undisturbed: Undisturbed, prefect: Prefect):
    run = prefect.runs(
        "pressure 2021-05-01..2021-06-01", undisturbed.shelves.workspace
    )[0]
    names = {
        f"extract {period['period']}" for period in undisturbed.result.json["periods"]
    }
    tasks = prefect.tasks(run)
    assert tasks.keys() == names | STEPS
    assert {task["state_type"] for task in tasks.values()} == {"COMPLETED"}
    assert (run["state_type"], run["state"]["message"]) == (
        "COMPLETED",
        "8 of 8 periods done",
    )


def test_a_failed_period_is_a_failed_task(story: Story, prefect: Prefect):
    first, second = prefect.runs(
        "weekly 2020-03-02..2020-03-23", story.shelves.workspace
    )[:2]
    tasks = prefect.tasks(first)
    states = {name: task["state_type"] for name, task in tasks.items()}
    assert states.pop(f"extract {BROKEN}") == "FAILED"
    assert states == dict.fromkeys(
        [*STEPS, f"extract {PERIODS[0]}", f"extract {PERIODS[2]}"], "COMPLETED"
    )
    assert REASON in tasks[f"extract {BROKEN}"]["state"]["message"]
    assert (first["state_type"], first["state"]["message"]) == (
        "FAILED",
        f"1 of 4 periods failed: {BROKEN}",
    )
    assert prefect.tasks(second).keys() == STEPS | {f"extract {BROKEN}"}


def test_the_run_was_asked_for_in_plain_words(
    undisturbed: Undisturbed, prefect: Prefect
):
    (run, *_) = prefect.runs(
        "pressure 2021-05-01..2021-06-01", undisturbed.shelves.workspace
    )
    assert (
        run["parameters"]["options"]["patients"] == 1500
        and run["parameters"]["only"] is None
    )
