"""Which studies a server runs every week: each a name, and no two of them one."""

from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.preparing.naming import note_study
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.serving.register import refuse_nonsense, schedules
from flows.serving.setting import Wanted, setting
from tests.lib.definitions import START


@pytest.fixture
def wanted(tmp_path, monkeypatch):
    """The setting of a server of these studies."""

    def given(*studies: object):
        monkeypatch.setenv("COHORTFLOW_STUDIES", ", ".join(map(str, studies)))
        return setting(str(tmp_path / "w"))

    return given


@pytest.fixture
def place(tmp_path):
    def written(folder: str, text: str = START, name: str = "measures.py") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize(
    "text, study, name",
    [
        ("nhs_at_home", "nhs_at_home", ""),
        ("/a/measures.py", "/a/measures.py", ""),
        ("second=/a/measures.py", "/a/measures.py", "second"),
        ("/a/b=c/measures.py", "/a/b=c/measures.py", ""),
        ("./b=c/measures.py", "./b=c/measures.py", ""),
        ("my study=/a/b=c.py", "/a/b=c.py", "my study"),
    ],
)
def test_a_study_may_have_a_name(wanted, text, study, name):
    assert wanted(text, "nhs_at_home").studies == (
        Wanted(study, name),
        Wanted("nhs_at_home"),
    )


def test_what_is_kept_can_be_set(wanted, monkeypatch):
    assert (wanted("nhs_at_home").keep, wanted("nhs_at_home").older_than) == (3, 30)
    monkeypatch.setenv("COHORTFLOW_KEEP", "2")
    monkeypatch.setenv("COHORTFLOW_OLDER_THAN", "0")
    assert (wanted("nhs_at_home").keep, wanted("nhs_at_home").older_than) == (2, 0)
    monkeypatch.setenv("COHORTFLOW_KEEP", "0")
    with pytest.raises(
        ArgumentsError, match="COHORTFLOW_KEEP needs a whole number from 1"
    ):
        wanted("nhs_at_home")


def test_two_definitions_with_one_name_are_refused(wanted, place):
    first, second = place("a"), place("b")
    with pytest.raises(
        ArgumentsError,
        match=f"COHORTFLOW_STUDIES: .* both be the study 'measures'.*NEW={second}",
    ):
        refuse_nonsense(wanted(first, second))
    with pytest.raises(ArgumentsError, match="both be the study 'one'"):
        refuse_nonsense(wanted(f"one={first}", f"one={second}"))
    refuse_nonsense(wanted(first, f"second={second}"))
    refuse_nonsense(wanted(first, first))


def test_another_definition_of_a_name_in_the_workspace_is_refused(
    wanted, place, tmp_path
):
    first = place("a")
    prepared = prepare(Options(str(first), workspace=str(tmp_path / "w")))
    with prepared.workspace.locked():
        note_study(prepared.workspace, prepared.study, moved=False)
    second = place("b", START.replace('"events"', '"others"'))
    with pytest.raises(
        ArgumentsError,
        match=f"COHORTFLOW_STUDIES: .*'measures' is that of.*NEW={second}",
    ) as refused:
        refuse_nonsense(wanted(second))
    assert refused.value.exit_code == 2
    refuse_nonsense(wanted(first))
    refuse_nonsense(wanted(f"second={second}"))
    refuse_nonsense(wanted(place("c")))  # a copy


def test_every_study_has_a_schedule_of_its_own_with_its_name(wanted, place):
    first, second, third = (
        place("a"),
        place("b"),
        place("My Study", name="definition.py"),
    )
    found = schedules(
        wanted(first, f"second one={second}", third, "nhs_at_home", first),
        {"study-measures"},
    )
    assert {each.slug: (each.parameters, each.active) for each in found} == {
        "study-measures": ({"study": str(first), "name": ""}, False),
        "study-second-one": ({"study": str(second), "name": "second one"}, True),
        "study-my-study": ({"study": str(third), "name": ""}, True),
        "study-nhs-at-home": ({"study": "nhs_at_home", "name": ""}, True),
    }
