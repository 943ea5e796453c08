"""A year of weekly loads of made-up records, as a hospital's or a practice's system
gives them.

Most rows come in the week in which they are dated. Some come late; some are corrected
later; one load has rows twice, and another lacks some, which are back in the next.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MONDAY = datetime.date(2019, 12, 30)
BEFORE = 8  # weeks with records before the first load
CODES = np.array(["413606001", "413605002", "44054006"])
A_WEEK = 0.6  # rows of a person in a week
NEVER = 10_000  # a load that does not come


@dataclass(frozen=True)
class Rows:
    """Rows of clinical events with their history, an array each; loads count from 1."""

    # who, when (in days since 1970), what and how much
    patients: np.ndarray
    days: np.ndarray
    codes: np.ndarray
    values: np.ndarray
    # the load that has a row first, and the one from which it is corrected
    comes: np.ndarray
    corrected: np.ndarray
    # the load that has a row twice, and the one that lacks it
    doubled: np.ndarray
    missing: np.ndarray


class Loads:
    """The records as each load has them; the same for the same seed."""

    def __init__(self, weeks: int, people: int, seed: int = 1):
        self.weeks, self.people = weeks, people
        self._dice = np.random.default_rng(seed)
        self._patients = self._people()
        self._rows = self._events()

    def ends(self, load: int) -> datetime.date:
        """The first day that a load knows nothing of."""
        return MONDAY + datetime.timedelta(7 * (BEFORE + load))

    def write(self, load: int, folder: Path) -> Path:
        """The tables of a load as Parquet, in a new folder."""
        folder.mkdir(parents=True)
        pq.write_table(self._patients_of(load), folder / "patients.parquet")
        pq.write_table(self._events_of(load), folder / "clinical_events.parquet")
        return folder

    def _people(self) -> dict[str, np.ndarray]:
        dice, people = self._dice, self.people
        days = 7 * (BEFORE + self.weeks)
        dies = dice.random(people) < 0.02
        return {
            "ids": 10_000 + dice.permutation(people),
            "born": _day(datetime.date(1930, 1, 1))
            + 30 * dice.integers(0, 900, people),
            "female": dice.random(people) < 0.51,
            "dead": np.where(dies, _day(MONDAY) + dice.integers(0, days, people), -1),
            # a death is heard of up to six weeks later
            "heard": dice.integers(0, 7, people),
            # some dates of birth are wrong by ten years, until a load corrects them
            "corrected": np.where(
                dice.random(people) < 0.005, dice.integers(2, self.weeks + 2, people), 0
            ),
        }

    def _patients_of(self, load: int) -> pa.Table:
        people, end = self._patients, _day(self.ends(load))
        known = (people["dead"] >= 0) & (people["dead"] + 7 * people["heard"] < end)
        wrong = np.where(people["corrected"] > load, 3650, 0)
        dead = pa.array(people["dead"].astype("int32"), pa.int32(), mask=~known).cast(
            pa.date32()
        )
        return pa.table(
            {
                "patient_id": people["ids"],
                "date_of_birth": pa.array(
                    (people["born"] - wrong).astype("int32")
                ).cast(pa.date32()),
                "sex": np.where(people["female"], "female", "male"),
                "date_of_death": dead,
            }
        )

    def _events(self) -> Rows:
        dice = self._dice
        days = 7 * (BEFORE + self.weeks)
        count = int(self.people * A_WEEK * (BEFORE + self.weeks))
        date = dice.integers(0, days, count)
        own = np.maximum(1, date // 7 + 1 - BEFORE)  # the load of its week
        late = dice.choice(
            [0, 1, 2, 3, 6, 10], count, p=[0.85, 0.05, 0.04, 0.03, 0.02, 0.01]
        )
        comes = own + late
        return Rows(
            patients=dice.choice(self._patients["ids"], count),
            days=_day(MONDAY) + date,
            codes=dice.choice(CODES, count),
            values=dice.normal(125, 15, count).round(1),
            comes=comes,
            corrected=np.where(
                dice.random(count) < 0.03, comes + dice.integers(1, 12, count), NEVER
            ),
            doubled=np.where(
                dice.random(count) < 0.05,
                dice.integers(1, self.weeks + 1, count),
                NEVER,
            ),
            missing=np.where(
                dice.random(count) < 0.05,
                dice.integers(1, self.weeks + 1, count),
                NEVER,
            ),
        )

    def _events_of(self, load: int) -> pa.Table:
        rows = self._rows
        there = np.flatnonzero((rows.comes <= load) & (rows.missing != load))
        twice = there[rows.doubled[there] == load]
        chosen = np.concatenate([there, twice])
        corrected = rows.corrected[chosen] <= load
        # as they are told: the code of a corrected row is another, and its value higher
        codes = np.where(corrected, CODES[0], rows.codes[chosen])
        values = rows.values[chosen] + np.where(corrected, 20.0, 0.0)
        order = np.lexsort((rows.days[chosen], rows.patients[chosen]))
        return pa.table(
            {
                "patient_id": rows.patients[chosen][order],
                "date": pa.array(rows.days[chosen][order].astype("int32")).cast(
                    pa.date32()
                ),
                "snomedct_code": codes[order],
                "numeric_value": values[order],
            }
        )


def _day(date: datetime.date) -> int:
    """In days since 1970."""
    return (date - datetime.date(1970, 1, 1)).days
