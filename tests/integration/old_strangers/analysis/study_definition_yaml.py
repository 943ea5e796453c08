# ruff: noqa
# mypy: ignore-errors
import yaml
import re
from cohortextractor import StudyDefinition, patients, Measure, codelist
from codelists import *

with open("analysis/config.yaml", "r") as file:
    config = yaml.safe_load(file)


def flags(names, **kwargs):
    return {
        re.sub("-", "_", name): patients.with_these_clinical_events(
            globals()[f"{name}_codes"], returning="binary_flag", **kwargs
        )
        for name in names
    }


study = StudyDefinition(
    index_date=config["start_date"],
    default_expectations={"rate": "uniform"},
    population=patients.satisfying(
        "alive AND registered",
        alive=patients.satisfying(
            "NOT dead", dead=patients.died_from_any_cause(on_or_before="index_date")
        ),
        registered=patients.registered_as_of("index_date"),
    ),
    **flags(config["groups"], between=["index_date - 2 years", "index_date"]),
    comorbid=patients.categorised_as(
        {"none": "n = 0", "one": "n = 1", "both": "DEFAULT"},
        n=patients.satisfying("asthma OR diabetes"),
    ),
    count=patients.satisfying("asthma + diabetes >= 2"),
    rate=patients.satisfying(
        "(bp_last * 2 + 1) / 3 > 80",
        bp_last=patients.with_these_clinical_events(
            bp_codes, returning="numeric_value"
        ),
    ),
)
measures = [
    Measure("m1", "population", "asthma", "comorbid"),
    Measure(
        id="m2",
        denominator="asthma",
        numerator="diabetes",
        group_by=["comorbid", "count"],
    ),
]
