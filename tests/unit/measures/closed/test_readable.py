"""What a definition may read: the list, and what lies amid it and is not for an
author.
"""

import os
from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from measures.closed.places import places_of, study_root
from measures.closed.readable import Refused, readable
from tests.lib.definitions import START, load, project, refusal, write

__all__ = ["project"]

TOLD = "raise ValueError(f'got {got!r}')\n"


def got(text: str, name: str = "study.py", **settings) -> str:
    """What a definition finds, which it puts into `got`."""
    return (
        refusal(f"{text}\n{TOLD}", name, **settings)
        .message.partition("got ")[2]
        .partition("\n")[0]
    )


# the root of a study ------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["project.yaml", ".git/config", "codelists/a.csv"])
def test_all_texts_below_the_root_are_readable(project, mark):
    write(mark)
    for name in ("other/lists/a.csv", "analysis/b.json", "c.yaml", "d.txt"):
        write(name, "text of it")
        assert (
            got(f"got = open({name!r}).read()", "analysis/deep/study.py")
            == "'text of it'"
        )


def test_only_the_nearest_mark_counts(project):
    write("codelists/a.csv")
    write("inner/codelists/a.csv")
    write("notes.txt")
    assert (
        "reading notes.txt"
        in refusal("open('notes.txt')", "inner/deep/study.py").message
    )
    assert study_root(project / "inner/deep/study.py") == project / "inner"
    assert study_root(project / "outer/deep/study.py") == project


def test_a_project_may_have_codelists_in_a_folder_of_it(project):
    write("project.yaml")
    write("analysis/codelists/a.csv")
    write("elsewhere/.git/config")
    assert study_root(project / "analysis/study.py") == project
    assert study_root(project / "elsewhere/study.py") == project / "elsewhere"
    write("local/a.csv", "text of it")
    assert (
        got("got = open('local/a.csv').read()", "analysis/study.py") == "'text of it'"
    )


def test_a_definition_without_a_mark_has_its_own_folder(project):
    write("analysis/near.txt", "near")
    write("far.txt", "far")
    assert (
        got("got = open('analysis/near.txt').read()", "analysis/study.py") == "'near'"
    )
    assert "reading far.txt" in refusal("open('far.txt')", "analysis/study.py").message


def test_a_home_kept_in_git_is_no_study(project, monkeypatch):
    monkeypatch.setenv("HOME", str(project))
    write(".git/config")
    write("passwords.txt")
    assert study_root(project / "mine/study.py") == project / "mine"
    assert (
        "reading passwords.txt"
        in refusal("open('passwords.txt')", "mine/study.py").message
    )


def test_relative_names_work_from_any_current_folder(project, monkeypatch):
    write("study/project.yaml")
    write("study/lists/a.csv", "from the root")
    write("study/analysis/b.txt", "from beside")
    write("elsewhere/x.txt")
    write("study/lib/helping.py", "NAME = 'helped'")
    monkeypatch.chdir("elsewhere")
    name = "../study/analysis/study.py"
    assert got("got = open('lists/a.csv').read()", name) == "'from the root'"
    assert got("got = open('b.txt').read()", name) == "'from beside'"
    assert got("from lib.helping import NAME as got", name) == "'helped'"
    assert "reading x.txt" in refusal("open('x.txt')", name).message


def test_results_of_earlier_actions_are_withheld(project):
    write("project.yaml")
    write("output/rows.csv")
    write("analysis/output/fine.txt", "fine")
    assert (
        "among the results in output"
        in refusal("open('output/rows.csv')", "analysis/study.py").message
    )
    assert (
        got("got = open('analysis/output/fine.txt').read()", "analysis/study.py")
        == "'fine'"
    )
    assert "'output'" not in got(
        "import os; got = os.listdir('.')", "analysis/study.py"
    )


def test_results_are_readable_where_nobody_is_in_them(project):
    write("project.yaml")
    write("output/rows.csv", "made up")
    write("output/highly_sensitive/rows.csv", "never")
    assert (
        got("got = open('output/rows.csv').read()", "analysis/study.py", results=True)
        == "'made up'"
    )
    said = refusal(
        "open('output/highly_sensitive/rows.csv')", "analysis/study.py", results=True
    ).message
    assert "belongs to the records or the workspace" in said


def test_files_that_the_operator_names_are_readable(project, tmp_path):
    write("project.yaml")
    for name in ("output/sizes.csv", "output/rows.csv"):
        write(name, "sizes")
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("from elsewhere", encoding="utf-8")
    named = [Path("output/sizes.csv"), elsewhere]
    assert (
        got("got = open('output/sizes.csv').read()", "analysis/study.py", named=named)
        == "'sizes'"
    )
    assert (
        got(f"got = open({str(elsewhere)!r}).read()", "analysis/study.py", named=named)
        == "'from elsewhere'"
    )
    said = refusal("open('output/rows.csv')", "analysis/study.py", named=named).message
    assert "name the file with --with FILE" in said


@pytest.mark.parametrize("kind", ["record", "key", "link", "binary"])
def test_naming_a_file_opens_no_record_and_no_secret(
    project, tmp_path, monkeypatch, kind
):
    """A slip of the operator's, or a name that by now leads elsewhere."""
    for name in ("records/patients.csv", "key"):
        write(name, "secret")
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(project / "key"))
    file = {"record": Path("records/patients.csv"), "key": Path("key")}.get(
        kind, Path("named.csv")
    )
    if kind == "link":
        file.symlink_to(project / "records" / "patients.csv")
    elif kind == "binary":
        file.write_bytes(b"secret\0")
    said = refusal(
        f"open({str(file)!r})", named=[file], forbidden=[Path("records")]
    ).message
    assert "is not allowed" in said and "secret\0" not in said


# what lies amid it --------------------------------------------------------------------


@pytest.mark.parametrize("name", [".env", ".config/cohortflow/key", "a/.hidden/b.csv"])
def test_names_that_begin_with_a_dot_are_hidden(project, name):
    write(name, "secret")
    assert "begins with a dot" in refusal(f"open({name!r})").message


@pytest.mark.parametrize(
    "variable",
    ["COHORTFLOW_KEY_FILE", "COHORTFLOW_SITE_POLICY", "PGPASSFILE", "PGSERVICEFILE"],
)
def test_secrets_are_private_wherever_they_lie(project, monkeypatch, variable):
    write("keys/key.txt", "secret")
    monkeypatch.setenv(variable, "keys/key.txt")
    error = refusal("open('keys/key.txt')")
    assert (
        "holds a secret of the site" in error.message
        and "secret\n" not in error.message
    )


def test_key_of_the_home_that_is_the_studys_folder(project, monkeypatch):
    monkeypatch.setenv("HOME", str(project))
    write(".config/cohortflow/key", "secret")
    write(".pgpass", "secret")
    for name in (".config/cohortflow/key", ".pgpass", "./.config/../.pgpass"):
        assert "holds a secret" in refusal(f"open({name!r})").message


def test_records_that_lie_above_and_amid_are_not_readable(project):
    write("project.yaml")
    write("data/real/patients.csv")
    for forbidden in (
        [Path("data")],
        [Path("data/real")],
        [Path("data/real/patients.csv")],
    ):
        assert (
            "belongs to the records"
            in refusal("open('data/real/patients.csv')", forbidden=forbidden).message
        )


def test_another_name_of_the_records_is_theirs_too(project):
    """As a folder that is mounted twice, or whose name is written otherwise where
    capitals do not count.
    """
    places = places_of(write("study.py", START), [])
    judge = readable(places)
    twin = Path("records").stat()
    found = type(judge)(places, (), frozenset({(twin.st_dev, twin.st_ino)}))
    assert judge.check(str(project / "records/patients.csv")) == "own"
    with pytest.raises(Refused, match="belongs to the records"):
        found.check(str(project / "records/patients.csv"))


def test_hard_links_are_refused_with_a_way_out(project):
    write("a.csv")
    os.link("records/patients.csv", "b.csv")
    os.link("a.csv", "c.csv")
    for name in ("b.csv", "c.csv"):
        assert "copy the file" in refusal(f"open({name!r})").message
    with pytest.raises(DefinitionError, match="hard link"):
        load(
            (
                "from ehrql import codelist_from_csv\ncodelist_from_csv('b.csv', "
                "column='patient_id')\n"
            )
            + START
        )


def test_a_hard_linked_definition_loads(project):
    os.link(write("a.py", START), "b.py")
    assert load(START, "b.py").measures


def test_what_is_no_text_or_no_file_is_refused(project):
    Path("rows.bin").write_bytes(b"PAR1\0\0")
    os.mkfifo("pipe")
    assert "no text file" in refusal("open('rows.bin', 'rb')").message
    assert "no plain file" in refusal("open('pipe')").message


def test_listings_show_only_what_may_be_read(project):
    write("project.yaml")
    write("notes.txt")
    write(".env")
    Path("link").symlink_to("records")
    Path("broken").symlink_to("nowhere")
    assert (
        got("import os; got = sorted(os.listdir())")
        == "['notes.txt', 'project.yaml', 'study.py']"
    )
    assert got(
        "import os; got = [e.name for e in os.scandir(b'.') if e.is_file()]"
    ) == ("[b'notes.txt', b'project.yaml', b'study.py']")


# Python's own ways to a file ----------------------------------------------------------

WAYS = {
    "open": "open('a/b.csv').read()",
    "open bytes": "open(b'a/b.csv', 'rb').read().decode()",
    "lines": "''.join(line for line in open('a/b.csv', newline=''))",
    "encoding": "open('a/b.csv', encoding='latin-1').read()",
    "codecs": "__import__('codecs').open('a/b.csv', 'r', 'utf-8').read()",
    "pathlib": "__import__('pathlib').Path('a/b.csv').read_text()",
    "resolved": "__import__('pathlib').Path('a/../a/b.csv').resolve().read_text()",
    "beside": "(__import__('pathlib').Path(__file__).parent / 'a' / 'b.csv').read_text()",
    "glob": "open(__import__('glob').glob('a/*.csv')[0]).read()",
    "rglob": "next(__import__('pathlib').Path().rglob('*.csv')).read_text()",
    "walk": "[open(os.path.join(top, name)).read() for top, _, names in os.walk('a') for "
    "name in names][0]",
    "importlib": "__import__('importlib').import_module('helping').TEXT",
    "fileinput": "''.join(__import__('fileinput').input('a/b.csv'))",
    "from a location": (
        "(lambda u: (lambda s: (lambda m: (s.loader.exec_module(m), "
        "m.TEXT)[1])(u.module_from_spec(s)))(u.spec_from_file_location('x', "
        "'helping.py')))(__import__('importlib.util').util)"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_pythons_own_ways_to_a_file(project, way):
    write("a/b.csv", "x,y\n")
    write("helping.py", "TEXT = 'x,y\\n'")
    assert got(f"import os\ngot = {WAYS[way]}", forbidden=[]) == repr("x,y\n")


def test_facts_of_files(project):
    write("a/b.csv", "x,y\n")
    assert got(
        "import os.path as p; got = [p.exists(n) for n in ('a', 'a/b.csv', 'none', "
        "'/etc/passwd', 'records')]"
    ) == ("[True, True, False, False, False]")
    assert (
        got(
            "import os.path as p; got = p.isdir('a'), p.isfile('a/b.csv'), "
            "p.getsize('a/b.csv')"
        )
        == "(True, True, 4)"
    )
    assert (
        got(
            "import os; got = os.access('a/b.csv', os.R_OK), os.access('a/b.csv', "
            "os.W_OK)"
        )
        == "(True, False)"
    )
    message = refusal("open('a/none.csv')").message
    assert "FileNotFoundError" in message and "a/none.csv" in message


def test_pythons_library_is_readable(project):
    assert got(
        "import zoneinfo, decimal, statistics, xml.etree.ElementTree, colorsys; got "
        "= decimal.Decimal('0.1') * 3"
    ) == ("Decimal('0.3')")
