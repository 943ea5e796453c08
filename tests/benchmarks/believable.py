"""How near made-up people are to England: ours, the published fact, and uniform dummy
data.

    .venv/bin/python -m tests.benchmarks.believable --patients 50000

The facts are typed from what was published, each with its source. The third column is a
stand-in for dummy data as ehrQL's documentation describes it: values drawn evenly from
what the tables and the definition allow. It is made here, with nothing of ehrQL.
"""

import argparse
import datetime
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from extractors.trial import Wishes, write_trial
from extractors.trial.people import england
from tests.lib.trial_wishes import EVENTS, PEOPLE, SHIPPED, read

FIRST, LAST = datetime.date(2019, 4, 1), datetime.date(2022, 3, 31)
Records = Mapping[str, pd.DataFrame]
HYPERTENSION, DIABETES, ASTHMA = (
    ("38341003", "59621000"),
    ("44054006", "73211009"),
    ("195967001",),
)
COPD, AF = ("13645005",), ("49436004",)
SMOKER, EX_SMOKER, NEVER_SMOKED = "77176002", "8517006", "266919005"
SYSTOLIC, DIASTOLIC, BMI, HBA1C = (
    "271649006",
    "271650006",
    "60621009",
    "999791000000106",
)
FLU, FIRST_DOSE, BOOSTER = "822851000000102", "1324681000000101", "1362591000000103"
LISTS = (
    HYPERTENSION, DIABETES, ASTHMA, COPD, AF, (SMOKER, EX_SMOKER, NEVER_SMOKED), (SYSTOLIC,), (DIASTOLIC,), (BMI,),
    (HBA1C,), (FLU,), (FIRST_DOSE,), (BOOSTER,),
)  # fmt: skip
NAMES = (
    "practice_registrations",
    "addresses",
    "ethnicity_from_sus",
    "appointments",
    "ons_deaths",
)
TABLES = (PEOPLE, EVENTS, *(SHIPPED[name] for name in NAMES))
WISHES = Wishes(TABLES, {("clinical_events", "snomedct_code"): LISTS}, FIRST, LAST)
ETHNIC = dict(zip(england.ETHNICITIES, england.ETHNIC_GROUPS, strict=True))


@dataclass(frozen=True)
class Fact:
    """Something that is published about England, and how to find the same in
    records.
    """

    name: str
    # as published
    published: float
    source: str
    # the same of some records
    of: Callable[[Records], float]
    # how far ours may be off, as a share of the fact
    within: float = 0.15


def alive(records: Records, day: str) -> pd.DataFrame:
    """Everybody who lives on a day, with their age."""
    people = records["patients"]
    lives = (people.date_of_birth <= day) & ~(people.date_of_death <= day)
    found = people[lives]
    return found.assign(age=(pd.Timestamp(day) - found.date_of_birth).dt.days / 365.25)


def aged(low: float, high: float) -> Callable[[Records], float]:
    return lambda records: float(
        alive(records, "2019-06-30").age.between(low, high, inclusive="left").mean()
    )


def female(records: Records) -> float:
    return float((alive(records, "2019-06-30").sex == "female").mean())


def died(records: Records) -> float:
    """Per 1,000 people, in 2019."""
    dates = records["patients"].date_of_death
    return (
        1000
        * dates.between("2019-04-01", "2020-02-29").sum()
        / len(alive(records, "2019-06-30"))
        * 366
        / 335
    )


def wave(records: Records) -> float:
    """Deaths per day of April and May 2020 by those of the eleven months before."""
    dates = records["patients"].date_of_death
    usual = dates.between("2019-04-01", "2020-02-29").sum() / 335
    return dates.between("2020-04-01", "2020-05-31").sum() / 61 / usual


def in_region(name: str) -> Callable[[Records], float]:
    return lambda records: float(
        (records["practice_registrations"].practice_nuts1_region_name == name).mean()
    )


def deprived(low: float, high: float) -> Callable[[Records], float]:
    def share(records: Records) -> float:
        rank = records["addresses"].imd_rounded.dropna()
        return float(
            rank.between(low * england.IMD_RANKS, high * england.IMD_RANKS).mean()
        )

    return share


def of_group(group: int) -> Callable[[Records], float]:
    return lambda records: float(
        (records["ethnicity_from_sus"].code.map(ETHNIC) == group).mean()
    )


def coded(
    records: Records, codes: tuple[str, ...], until: str = "2020-03-31"
) -> set[int]:
    events = records["clinical_events"]
    return set(
        events[events.snomedct_code.isin(codes) & (events.date <= until)].patient_id
    )


def has(
    codes: tuple[str, ...], low: float = 0, high: float = 200, day: str = "2020-03-31"
) -> Callable[[Records], float]:
    def share(records: Records) -> float:
        people = alive(records, day)
        people = people[people.age.between(low, high, inclusive="left")]
        return float(people.patient_id.isin(coded(records, codes, day)).mean())

    return share


def flu(low: float, high: float) -> Callable[[Records], float]:
    """Vaccinated in the season of 2020/21."""

    def share(records: Records) -> float:
        people = alive(records, "2021-02-28")
        people = people[people.age.between(low, high, inclusive="left")]
        events = records["clinical_events"]
        season = events.date.between("2020-09-01", "2021-02-28") & (
            events.snomedct_code == FLU
        )
        return float(people.patient_id.isin(events[season].patient_id).mean())

    return share


def smokes(records: Records) -> float:
    events = records["clinical_events"].dropna(subset=["date"])
    asked = events[
        events.snomedct_code.isin([SMOKER, EX_SMOKER, NEVER_SMOKED])
    ].sort_values("date")
    return float(
        (
            asked.drop_duplicates("patient_id", keep="last").snomedct_code == SMOKER
        ).mean()
    )


def values(code: str, codes: tuple[str, ...] = ()) -> Callable[[Records], float]:
    """The mean of the values of adults; of those with a condition."""

    def mean(records: Records) -> float:
        events = records["clinical_events"]
        found = events[events.snomedct_code == code].merge(
            records["patients"], on="patient_id"
        )
        found = found[(found.date - found.date_of_birth).dt.days >= 18 * 365.25]
        if codes:
            found = found[found.patient_id.isin(coded(records, codes, "2022-03-31"))]
        return float(found.drop_duplicates("patient_id").numeric_value.mean())

    return mean


def appointments(records: Records) -> float:
    """Per person and year."""
    dates = records["appointments"].start_date
    return dates.between("2019-04-01", "2020-03-31").sum() / len(
        alive(records, "2019-09-30")
    )


ONS = "ONS, mid-2019 population estimates, England"
QOF = "NHS Digital, QOF 2019/20, England, all ages"
NHSE = (
    "NHS England, COVID-19 vaccination statistics, of all people in England (ONS "
    "mid-2020)"
)
UKHSA = "UKHSA/PHE, seasonal influenza vaccine uptake 2020/21"
CENSUS = "ONS, Census 2021, England"
HSE = "Health Survey for England 2019"
ASTHMA_EVER = (
    "Health Survey for England 2018: told by a doctor at any time, rounded down"
)
PRESSURE = f"{HSE}, rounded up for those whom practices measure"
AUDIT = "National Diabetes Audit 2019/20, type 2, about"
GPAD = "NHS Digital, appointments in general practice 2019"
FACTS = (
    Fact("under 16", 0.192, ONS, aged(0, 16)),
    Fact("16 to 64", 0.624, ONS, aged(16, 65)),
    Fact("65 and over", 0.184, ONS, aged(65, 200)),
    Fact("85 and over", 0.025, ONS, aged(85, 200), 0.25),
    Fact("female", 0.506, ONS, female, 0.03),
    Fact("London", 0.159, ONS, in_region("London")),
    Fact("North East", 0.047, ONS, in_region("North East"), 0.2),
    Fact("most deprived fifth", 0.20, "MHCLG, IMD 2019: fifths of areas", deprived(0, 0.2)),
    Fact("least deprived fifth", 0.20, "MHCLG, IMD 2019: fifths of areas", deprived(0.8, 1)),
    Fact("White", 0.810, CENSUS, of_group(england.WHITE), 0.08),
    Fact("Asian", 0.096, CENSUS, of_group(england.ASIAN), 0.25),
    Fact("Black", 0.042, CENSUS, of_group(england.BLACK), 0.3),
    Fact("deaths per 1,000 and year, 2019/20", 8.8, "ONS, deaths registered 2019, England", died, 0.2),
    Fact("deaths per day, April and May 2020 by the year before", 1.6, "ONS, deaths registered monthly", wave, 0.35),
    Fact("hypertension", 0.141, QOF, has(HYPERTENSION)),
    Fact("diabetes", 0.057, f"{QOF} (7.1 % of those of 17 and over)", has(DIABETES), 0.2),
    Fact("asthma, ever", 0.12, ASTHMA_EVER, has(ASTHMA), 0.2),
    Fact("COPD", 0.019, QOF, has(COPD), 0.25),
    Fact("atrial fibrillation", 0.021, QOF, has(AF), 0.25),
    Fact("adults who smoke", 0.139, "ONS, Annual Population Survey 2019", smokes, 0.2),
    Fact("systolic, adults, mmHg", 128.0, PRESSURE, values(SYSTOLIC), 0.06),
    Fact("BMI, adults", 27.6, HSE, values(BMI), 0.05),
    Fact("HbA1c in diabetes, mmol/mol", 56.0, AUDIT, values(HBA1C, DIABETES), 0.1),
    Fact("first dose by 31 March 2021", 0.46, NHSE, has((FIRST_DOSE,), day="2021-03-31")),
    Fact("first dose by 30 June 2021", 0.67, NHSE, has((FIRST_DOSE,), day="2021-06-30")),
    Fact("first dose by the end of 2021", 0.77, NHSE, has((FIRST_DOSE,), day="2021-12-31")),
    Fact("first dose by 31 March 2021, 70 and over", 0.94, NHSE, has((FIRST_DOSE,), 70, day="2021-03-31"), 0.05),
    Fact("booster by the end of 2021", 0.50, NHSE, has((BOOSTER,), day="2021-12-31"), 0.2),
    Fact("influenza vaccine, 65 and over", 0.809, UKHSA, flu(65, 200), 0.08),
    Fact("appointments per person and year", 5.4, GPAD, appointments, 0.2),
)  # fmt: skip


def ours(patients: int, seed: int = 0) -> Records:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "records"
        write_trial(folder, WISHES, patients=patients, seed=seed)
        return {schema.name: read(folder, schema.name) for schema in TABLES}


def uniform(patients: int) -> Records:
    """Everything drawn evenly: the third column."""
    rng = np.random.default_rng(0)
    ids = np.arange(1, patients + 1)

    def days(first: str, count: int) -> pd.Series:
        since = (pd.Timestamp(LAST) - pd.Timestamp(first)).days
        return pd.Series(
            pd.Timestamp(first)
            + pd.to_timedelta(rng.integers(0, since, count), unit="D")
        )

    born = days("1922-04-01", patients)
    dead = days("1990-01-01", patients).where(rng.random(patients) < 0.1)
    people = pd.DataFrame(
        {
            "patient_id": ids,
            "date_of_birth": born,
            "date_of_death": dead.where(dead > born),
        }
    )
    people["sex"] = rng.choice(england.SEXES, patients)
    codes = [code for codes in LISTS for code in codes]
    many = 5 * patients
    events = pd.DataFrame(
        {"patient_id": rng.choice(ids, many), "date": days("2010-01-01", many)}
    )
    events["snomedct_code"], events["numeric_value"] = (
        rng.choice(codes, many),
        rng.normal(0, 1000, many),
    )
    spells = pd.DataFrame(
        {"practice_nuts1_region_name": rng.choice(england.REGIONS, patients)}
    )
    homes = pd.DataFrame({"imd_rounded": rng.integers(0, 329, patients) * 100})
    hospital = pd.DataFrame({"code": rng.choice(england.ETHNICITIES, patients)})
    booked = pd.DataFrame({"start_date": days("2010-01-01", many)})
    tables = (people, events, spells, homes, hospital, booked)
    return dict(zip(("patients", "clinical_events", *NAMES[:-1]), tables, strict=True))


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--patients", type=int, default=20_000)
    parsed = asked.parse_args()
    made, even = ours(parsed.patients), uniform(parsed.patients)
    print(
        f"{parsed.patients:,} people\n\n| fact | ours | published | drawn evenly | "
        "source |\n|---|---|---|---|---|"
    )
    near = 0
    for fact in FACTS:
        own = fact.of(made)
        off = abs(own / fact.published - 1) > fact.within
        near += not off
        said = f"{own:.3g}{' (off)' if off else ''}"
        print(
            f"| {fact.name} | {said} | {fact.published:.3g} | {fact.of(even):.3g} | "
            f"{fact.source} |"
        )
    print(f"\n{near} of {len(FACTS)} as near as they should be")


if __name__ == "__main__":
    main()
