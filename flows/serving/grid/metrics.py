"""Numbers for Prometheus, in its text format: runs, periods by state, seconds, disk."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.serving.grid.overview import Overview
from flows.state.grid import StudyRow
from flows.state.history import AT_WORK, COMPLETED, Ran

TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Gauge:
    """Numbers of one name."""

    # as Prometheus shows it
    name: str
    # in words
    help: str
    # labels and a number, each
    numbers: Sequence[tuple[Labels, float]]

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} gauge"
        for labels, number in self.numbers:
            said = ",".join(
                f'{name}="{value.translate(ESCAPES)}"' for name, value in labels.items()
            )
            yield (
                f"{self.name}{{{said}}} {number!r}"
                if said
                else f"{self.name} {number!r}"
            )


def metrics(seen: Overview, health: Mapping[str, bool]) -> str:
    """All numbers of a moment."""
    found = [
        Gauge(
            "cohortflow_up",
            "Whether a part of the server works.",
            [({"part": part}, float(well)) for part, well in health.items()],
        ),
        *_of_runs(seen),
        *_of_studies(seen.rows),
        Gauge(
            "cohortflow_disk_free_bytes",
            "Free on the disk of the workspace.",
            [({}, seen.disk.free)],
        ),
        Gauge(
            "cohortflow_disk_size_bytes",
            "Size of the disk of the workspace.",
            [({}, seen.disk.size)],
        ),
        Gauge(
            "cohortflow_study_bytes",
            "What the files of a study take.",
            [({"study": study}, held) for study, held in seen.disk.held.items()],
        ),
    ]
    lines: list[str] = []
    for gauge in found:
        if gauge.numbers:
            lines += gauge.lines()
    return "\n".join(lines) + "\n"


def _of_runs(seen: Overview) -> Iterator[Gauge]:
    if seen.runs is None:
        return
    numbers = {
        "at work": len(seen.runs.at_work),
        "waiting": len(seen.runs.waiting),
        "to come": len(seen.runs.next),
        "ended badly": len(seen.runs.badly),
    }
    yield Gauge(
        "cohortflow_runs",
        "Runs that Prefect knows; of those that ended badly, the last seven days.",
        [({"state": state}, number) for state, number in numbers.items()],
    )


def _of_studies(rows: Sequence[StudyRow]) -> Iterator[Gauge]:
    periods: list[tuple[Labels, float]] = []
    releases: list[tuple[Labels, float]] = []
    took: list[tuple[Labels, float]] = []
    ended: list[tuple[Labels, float]] = []
    well: list[tuple[Labels, float]] = []
    for row in rows:
        name = {"study": row.study}
        periods += [
            (name | {"state": state}, number) for state, number in row.counts.items()
        ]
        releases.append((name, row.release.number))
        run = last_ended(row)
        if run:
            took.append((name, seconds_of(run)))
            ended.append((name, _moment(run.ended).timestamp()))
            well.append((name, float(run.state == COMPLETED)))
    yield Gauge("cohortflow_periods", "Periods of a study by state.", periods)
    yield Gauge(
        "cohortflow_release", "Number of the last release of a study.", releases
    )
    yield Gauge(
        "cohortflow_last_run_seconds", "How long the last run of a study took.", took
    )
    yield Gauge("cohortflow_last_run_end_seconds", "When it ended, since 1970.", ended)
    yield Gauge("cohortflow_last_run_well", "Whether it ended well.", well)


def last_ended(row: StudyRow) -> Ran | None:
    """The last run of a study of which the end is known."""
    ended = [run for run in row.runs if run.state != AT_WORK and run.ended]
    return ended[-1] if ended else None


def seconds_of(run: Ran) -> float:
    """How long a run took."""
    return (_moment(run.ended) - _moment(run.begun)).total_seconds()


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
