"""The pages: all are there, what they tell to type is what the command takes, and their
code is a definition.
"""

import re
import shlex
from pathlib import Path

import pytest

import extractors
from extractors.errors import ArgumentsError
from flows.command.arguments import parser
from flows.command.documenting import listed, made
from flows.docs.pages import CONTENTS, MADE, all_pages, page
from flows.starting.new import new_study
from measures.definitions import Measures

FOLDER = Path(extractors.__file__).parent.parent / "flows" / "docs" / "pages"
NAMES = [name for names in CONTENTS.values() for name in names]
TYPED = re.compile(r"^ {4}(cohortflow .*?)(?: +#.*)?$", re.MULTILINE)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def source(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def test_every_page_is_listed_and_every_one_that_is_listed_is_there():
    files = {
        path.relative_to(FOLDER).with_suffix("").as_posix()
        for path in FOLDER.rglob("*.md")
    }
    assert files == set(NAMES) and len(NAMES) == len(set(NAMES))
    for name in NAMES:
        assert name.rpartition("/")[2] in listed().split()


def test_pages_have_titles_and_no_part_that_is_not_made():
    for each in all_pages(made()):
        assert each.title and "#" not in each.title
        assert not MADE.search(each.text) and "<!-- " not in each.text
        assert "\n# " not in FENCED.sub("", each.text), "one title a page"


def test_a_page_goes_by_its_short_name():
    assert page("omop", made()) == page("how-to/omop", made())
    with pytest.raises(
        ArgumentsError, match="There is no page 'tutoral'; did you mean 'tutorial'"
    ):
        page("tutoral", made())


@pytest.mark.parametrize("name", NAMES)
def test_what_pages_tell_to_type_is_what_the_command_takes(name):
    for line in TYPED.findall(source(name)):
        own, _, _ = line.partition(" -- ")
        words = shlex.split(own)[1:]
        if "COMMAND" not in words:
            parser({}).parse_args(words)  # ends the test where it does not understand


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("how-to/")])
def test_the_code_of_a_page_is_a_definition(name, tmp_path, monkeypatch):
    code = "\n".join(PYTHON.findall(source(name)))
    new_study(tmp_path / "study", "measures")
    monkeypatch.chdir(tmp_path / "study")
    known: dict = {}
    exec(
        compile(
            code.replace("from ehrql", "from measures.standin.ehrql"), name, "exec"
        ),
        known,
    )
    if isinstance(known.get("measures"), Measures):
        assert list(known["measures"])
