"""A study is a name: which definition it is, and what happens when another one comes
with that name.
"""

import json
import shutil
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, CohortflowError
from flows.preparing.naming import all_noted, named_study, note_study, noted, place_of
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.again import last_options
from flows.state.outcome import Outcome, write_outcome
from flows.workspace.store import Workspace
from measures.study import find_study
from tests.lib.definitions import START

DATASET = """
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
"""
SHIPPED = "nhs_at_home"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "w"


@pytest.fixture
def place(tmp_path: Path):
    """Writes a definition to a folder of its own."""

    def written(folder: str, text: str = START, name: str = "measures.py") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def other(text: str = START) -> str:
    return text.replace('"events"', '"others"')


def run(path: Path | str, root: Path, **given) -> Prepared:
    """As far as a run goes before it computes anything."""
    prepared = prepare(Options(str(path), patients=100, workspace=str(root), **given))
    with prepared.workspace.locked():
        note_study(prepared.workspace, prepared.study, moved=prepared.options.moved)
    write_outcome(prepared.workspace, Outcome(prepared.options, tuple(prepared.jobs)))
    return prepared


@pytest.mark.parametrize(
    "texts", [(START, other()), (DATASET, DATASET + "\nseen = 1\n"), (START, DATASET)]
)
def test_another_definition_of_a_known_name_is_refused(place, root, texts):
    first, second = place("a", texts[0]), place("b", texts[1])
    run(first, root)
    before = (root / "measures" / "highly_sensitive" / "study.json").read_bytes()
    with pytest.raises(ArgumentsError) as refused:
        run(second, root)
    for word in (
        f"That one is {first}, and this one {second}",
        str(second),
        "--name NEW",
        "--moved",
    ):
        assert word in refused.value.message
    assert (
        root / "measures" / "highly_sensitive" / "study.json"
    ).read_bytes() == before
    assert not list(root.rglob("snapshots")) and refused.value.exit_code == 2


def test_an_edited_definition_is_the_same_study(place, root):
    run(place("a"), root)
    path = place("a", other())
    found = noted(run(path, root).workspace)
    assert found and (found.place, found.hash) == (
        str(path),
        prepare(Options(str(path))).study.definition_hash,
    )


def test_a_copy_is_the_study_that_is_known_and_an_edited_copy_is_not(place, root):
    first = place("a")
    run(first, root)
    found = noted(run(place("b"), root).workspace)
    assert found and found.place == str(first)
    with pytest.raises(ArgumentsError, match="--moved"):
        run(place("b", other()), root)


def test_a_definition_that_went_elsewhere_is_the_same_study(place, root):
    """As it was, it needs no word; edited meanwhile it does."""
    first = place("a")
    run(first, root)
    second = place("b")
    first.unlink()
    found = noted(run(second, root).workspace)
    assert found and found.place == str(second)
    third = place("c", other())
    with pytest.raises(ArgumentsError, match="--moved"):
        run(third, root)
    found = noted(run(third, root, moved=True).workspace)
    assert found and found.place == str(third)
    run(third, root)
    with pytest.raises(ArgumentsError, match="--moved"):
        run(second, root)


def test_another_name_is_another_place(place, root):
    first, second = place("a"), place("b", other())
    run(first, root)
    prepared = run(second, root, name="second")
    assert (
        prepared.study.name == "second"
        and prepared.workspace.high == root / "second" / "highly_sensitive"
    )
    assert {each.name: each.place for each in all_noted(root)} == {
        "measures": str(first),
        "second": str(second),
    }
    with pytest.raises(ArgumentsError, match="was run as 'second': say --name second"):
        run(second, root)
    with pytest.raises(ArgumentsError, match="--name NEW"):
        run(place("c", DATASET), root, name="second")


@pytest.mark.parametrize("name", ["../out", ".server", "a/b", "", "ü", "x" * 200])
def test_a_name_is_one_of_a_folder(place, root, name):
    path = place("a")
    if name:
        with pytest.raises(ArgumentsError, match="cannot name a study"):
            run(path, root, name=name)
    else:
        assert run(path, root, name=name).study.name == "measures"


def test_a_link_to_a_definition_is_the_definition(place, root, tmp_path):
    first = place("a")
    run(first, root)
    (tmp_path / "link").symlink_to(first.parent)
    found = noted(run(tmp_path / "link" / "measures.py", root).workspace)
    assert found and found.place == str(first)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "measures.py").symlink_to(place("b", other()))
    with pytest.raises(ArgumentsError, match="another definition"):
        run(tmp_path / "else" / "measures.py", root)


def test_shipped_studies_are_known_by_name(root, tmp_path, place):
    """Wherever the package lies: another version of it has them in another place."""
    assert place_of(find_study(SHIPPED)) == "shipped"
    run(SHIPPED, root)
    found = noted(Workspace(root, SHIPPED))
    assert found and (found.place, found.study) == ("shipped", SHIPPED)
    assert last_options(SHIPPED, str(root)).study == SHIPPED
    mine = place("x", name="x.py").parent / SHIPPED
    mine.mkdir()
    (mine / "definition.py").write_text(START, encoding="utf-8")
    with pytest.raises(ArgumentsError, match="cohortflow's own studies"):
        run(mine, root)
    shutil.rmtree(mine)
    shutil.copytree(find_study(SHIPPED).parent, mine)
    run(mine, root)  # a copy


def test_a_workspace_of_an_earlier_version_has_no_note_until_the_first_run(place, root):
    path = place("a")
    prepared = prepare(Options(str(path), workspace=str(root)))
    write_outcome(prepared.workspace, Outcome(prepared.options, ()))
    assert not prepared.workspace.note.exists()
    assert last_options("measures", str(root)).study == str(path)
    run(path, root)
    assert (
        json.loads(prepared.workspace.note.read_text(encoding="utf-8"))["format"] == 1
    )


@pytest.mark.parametrize("by", ["measures", "path"])
def test_a_study_that_was_run_is_known_by_name_and_by_path(
    place, root, tmp_path, monkeypatch, by
):
    monkeypatch.chdir(place("a").parent)
    run("measures.py", root, policy="opensafely")
    monkeypatch.chdir(tmp_path)
    place("b", other())
    asked = by if by == "measures" else str(tmp_path / "a" / "measures.py")
    found = last_options(asked, str(root))
    assert (found.policy, found.name, Path(found.study).resolve()) == (
        "opensafely",
        "",
        tmp_path / "a" / "measures.py",
    )
    assert prepare(found, look=False).study.name == "measures"


@pytest.mark.parametrize("by", ["second", "path"])
def test_a_study_with_a_name_is_found_by_it_and_by_its_path(place, root, by):
    run(place("a"), root)
    second = place("b", other())
    run(second, root, name="second", policy="opensafely")
    found = last_options(by if by == "second" else str(second), str(root))
    assert (found.name, found.study, found.policy) == (
        "second",
        str(second),
        "opensafely",
    )
    assert prepare(found, look=False).workspace.study == "second"


def test_one_definition_under_two_names_needs_the_name(place, root):
    path = place("a")
    run(path, root, name="one")
    run(path, root, name="two")
    with pytest.raises(ArgumentsError, match="was run as one, two; say which"):
        named_study(str(path), root)
    assert last_options("one", str(root)).name == "one"
    assert last_options(str(path), str(root), name="two").name == "two"


def test_a_name_goes_before_a_folder_of_that_name(place, root, tmp_path, monkeypatch):
    """Whoever types the name of a study means the one that was run, wherever they
    are.
    """
    run(place("a"), root)
    place("measures", other(), name="definition.py")
    monkeypatch.chdir(tmp_path)
    assert last_options("measures", str(root)).study == str(
        tmp_path / "a" / "measures.py"
    )


def test_a_definition_that_is_gone_is_told_with_what_to_do(place, root):
    path = place("a")
    run(path, root)
    path.unlink()
    with pytest.raises(
        ArgumentsError,
        match="measures is not where it was.*--name measures and --moved",
    ):
        last_options("measures", str(root))
    moved = place("b", other(), name="else.py")
    found = last_options(str(moved), str(root), name="measures", moved=True)
    assert prepare(found, look=False).workspace.study == "measures"


def test_moved_is_said_once(place, root):
    """It is no part of what a rerun repeats."""
    run(place("a"), root)
    second = place("b", other())
    run(second, root, moved=True)
    assert not last_options("measures", str(root)).moved


@pytest.mark.parametrize("asked", ["nothing", "nothing.py", "measures"])
def test_what_was_never_run_is_not_known(root, asked):
    with pytest.raises(ArgumentsError, match="no study and no definition file"):
        last_options(asked, str(root))


def test_a_note_of_a_newer_version_is_refused_with_both_formats(place, root):
    path = place("a")
    note = run(path, root).workspace.note
    note.write_text(json.dumps({"format": 7, "home": "elsewhere"}), encoding="utf-8")
    with pytest.raises(
        CohortflowError,
        match=r"study.json has the format 7, and this cohortflow reads the format 1",
    ):
        run(path, root)


def test_a_file_in_a_workspace_is_no_study(tmp_path):
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    assert list(all_noted(tmp_path)) == []
