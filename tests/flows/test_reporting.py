"""The page that a run leaves, and the command that makes it again, here and
elsewhere.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.flows.conftest import PATIENTS, STUDY, Undisturbed
from tests.lib.browser import browser, missing


@pytest.fixture
def copy(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    """The release alone, as it is carried out of the server."""
    return shutil.copytree(undisturbed.shelves.release, tmp_path / "release")


def test_run_leaves_a_page_and_charts(undisturbed):
    files = undisturbed.shelves.released()
    told = json.loads(files["manifest.json"])
    assert b"Made-up records." in files["report.html"]
    assert {"report.html", "asked.json"} <= set(told["files"])
    charts = [name for name in files if name.startswith("charts/")]
    assert charts
    assert all(b'role="img"' in files[name] for name in charts)


def test_command_makes_the_same_page_elsewhere(
    cohortflow: Command, undisturbed, copy, tmp_path
):
    page = undisturbed.shelves.released()["report.html"]
    (copy / "report.html").unlink()
    shutil.rmtree(copy / "charts")
    said = cohortflow("report", copy).well()
    assert (copy / "report.html").read_bytes() == page
    assert str(copy / "report.html") in said.out
    cohortflow("report", copy, "--to", tmp_path / "short.html", "--no-tables").well()
    assert (tmp_path / "short.html").stat().st_size < len(page)


def test_charts_for_slides(cohortflow: Command, copy, tmp_path):
    cohortflow("report", copy, "--to", tmp_path / "page.html", "--files").well()
    made = {path.suffix for path in (tmp_path / "charts").iterdir()}
    assert made == {".svg", ".png", ".json"}
    [png, *_] = (tmp_path / "charts").glob("*.png")
    assert png.read_bytes().startswith(b"\x89PNG")
    [spec, *_] = (tmp_path / "charts").glob("*.vl.json")
    assert "vega-lite" in json.loads(spec.read_text(encoding="utf-8"))["$schema"]


def test_release_that_was_changed_has_no_page(cohortflow: Command, copy):
    (copy / "measures.csv").write_text("measure\n", encoding="utf-8")
    said = cohortflow("report", copy)
    assert said.code == 1
    assert "measures.csv is not as it was released" in said.err


def test_folder_that_is_no_release_is_refused(cohortflow: Command, tmp_path):
    said = cohortflow("report", tmp_path)
    assert said.code == 2
    assert "is no release" in said.err


@pytest.mark.slow
def test_run_without_a_report(cohortflow: Command, undisturbed, tmp_path):
    cohortflow(
        "run", STUDY, *PATIENTS, "--workspace", tmp_path / "w", "--no-report", "--json"
    ).well()
    release = tmp_path / "w" / "pressure" / "moderately_sensitive"
    assert not (release / "report.html").exists()
    assert not (release / "charts").exists()
    assert (release / "measures.csv").read_bytes() == undisturbed.shelves.released()[
        "measures.csv"
    ]


@pytest.mark.slow
def test_page_of_the_shipped_study_is_light_and_fits_a_phone(
    cohortflow: Command, tmp_path
):
    cohortflow("run", "nhs_at_home", "--workspace", tmp_path / "w", "--json").well()
    page = tmp_path / "w" / "nhs_at_home" / "moderately_sensitive" / "report.html"
    assert page.stat().st_size <= 5_000_000
    cohortflow(
        "report", page.parent, "--to", tmp_path / "short.html", "--no-tables"
    ).well()
    assert (tmp_path / "short.html").stat().st_size <= 1_500_000
    if missing():
        pytest.skip(f"no {missing()} is installed; infra/chromium-for-tests does it")
    with browser(tmp_path / "profile") as pages:
        for width in (320, 390, 1280):
            pages.seen_as(width)
            pages.open(page.as_uri())
            assert pages.run("return document.documentElement.scrollWidth") == width
        assert pages.complaints() == []


@pytest.mark.slow
def test_page_of_many_people_is_light(cohortflow: Command, tmp_path):
    run = ("run", "nhs_at_home", "--workspace", tmp_path / "w", "--json")
    cohortflow(*run, "--patients", 150_000).well()
    page = tmp_path / "w" / "nhs_at_home" / "moderately_sensitive" / "report.html"
    assert page.stat().st_size <= 8_000_000
