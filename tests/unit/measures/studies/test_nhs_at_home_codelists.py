"""The codelists of the NHS @Home study: which are starters, and that the published ones
take their place.
"""

import shutil
from pathlib import Path

from extractors.language.codelists import codelist_from_csv
from measures.codelists.starters import starter_codelists
from tests.unit.measures.studies.test_nhs_at_home import STUDY, load

PUBLISHED = "codelists_opensafely"


def file_of(published: str) -> str:
    organisation, name, *_version = published.strip("/").split("/")
    return f"{organisation}-{name}.csv"


def published_names(file: Path) -> list[str]:
    return [line.strip("/") for line in file.read_text(encoding="utf-8").split()]


def all_codes(file: Path) -> set[str]:
    header = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    column = next(
        name
        for name in ("code", "id", "snomedcode", "CTV3ID", "CTV3Code")
        if name in header
    )
    return set(codelist_from_csv(file, column=column))


def test_codelists_txt_names_every_published_list():
    here = {file.name for file in (STUDY / "codelists").glob("*.csv")}
    named = {
        file_of(name) for name in published_names(STUDY / "codelists" / "codelists.txt")
    }
    assert (
        here - named == {"home-blood-pressure.csv", "proactive-care.csv"}
        and named <= here
    )


def test_starters_are_known_until_they_are_replaced(tmp_path):
    shutil.copytree(STUDY, tmp_path, dirs_exist_ok=True)
    files = sorted(file.name for file in (STUDY / "codelists").glob("*.csv"))
    starters = starter_codelists(tmp_path, files)
    assert len(starters) == 6 and "opensafely-pulse-oximetry.csv" not in starters
    asthma = tmp_path / "codelists" / "opensafely-asthma-diagnosis.csv"
    # another checkout, the same starter
    asthma.write_bytes(asthma.read_bytes().replace(b"\n", b"\r\n"))
    assert starter_codelists(tmp_path, [f"codelists/{asthma.name}"]) == [asthma.name]
    asthma.write_text("CTV3ID\nH33..\n", encoding="utf-8")
    assert starter_codelists(tmp_path, files) == [
        name for name in starters if name != asthma.name
    ]


def test_a_list_that_is_not_used_or_not_there_is_no_starter(tmp_path):
    assert starter_codelists(STUDY, ["opensafely-pulse-oximetry.csv"]) == []
    assert starter_codelists(tmp_path, ["opensafely-asthma-diagnosis.csv"]) == []


def test_the_published_lists_fit_in_place_of_the_starters(shared_data, tmp_path):
    study = load(STUDY)
    shutil.copytree(STUDY, tmp_path, dirs_exist_ok=True)
    shutil.copytree(shared_data / PUBLISHED, tmp_path / "codelists", dirs_exist_ok=True)
    published = load(tmp_path)
    assert list(published) == list(study)
    assert (
        starter_codelists(
            tmp_path, (file.name for file in (STUDY / "codelists").glob("*.csv"))
        )
        == []
    )
    name = "bp_weekly_patients_by_has_asthma"
    assert published[name].group_by["has_asthma"] != study[name].group_by["has_asthma"]


def test_shipped_codes_are_in_the_published_lists_and_small_lists_are_whole(
    shared_data,
):
    published = shared_data / PUBLISHED
    names = published_names(STUDY / "codelists" / "codelists.txt")
    assert set(names) <= set(published_names(published / "codelists.txt"))
    for name in map(file_of, names):
        ours, theirs = (
            all_codes(STUDY / "codelists" / name),
            all_codes(published / name),
        )
        starter = starter_codelists(STUDY, [name])
        assert ours < theirs and len(ours) <= 20 if starter else ours == theirs, name
