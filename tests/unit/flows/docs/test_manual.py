"""The manual of the language: a small specification and its Markdown, and nothing of
ours left out of it.
"""

import ast
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.command import cli
from flows.docs import manual as docs
from flows.docs.manual import SPECIFICATION, language_manual, prose
from flows.docs.specification import read_specification

PLANTED = {
    "chapters.py": '''
"""What it is about.

How to read it.
"""

CHAPTERS = [
    ("small", "Small things", "They come first.", ["second"]),
    ("beyond", "Beyond ehrQL", "What ehrQL does not have.", []),
]
''',
    "small/test_second.py": '''
"""Sums"""

import pytest
from tests.spec.small.test_first import ROWS


def doubled(series):
    return series * 2


def test_sum(spec):
    """where() counts; x * 2 < 3"""
    spec(ROWS, (e.i1 + 1).sum_for_patient(), {1: 3, 2: None})


def test_several(spec):
    """Several"""
    expected = {1: {"a": date(2020, 2, 29), "b": "x"}, 2: {"a": None, "b": ""}}
    rows = e.where(e.i1 > 0)
    spec(ROWS, {"a": rows.d1.maximum_for_patient(), "b": p.s1}, expected, population=p.b1, interval=MARCH)


def test_helper(spec):
    """With a function"""
    series = doubled(
        e.i1
    ).sum_for_patient()
    spec({**ROWS, p: """
          | s1
        --+----
        1 | ""
    """}, series, {}, population=p.b1)


@pytest.mark.parametrize("number", [0, "a"])
def test_refused(number):
    """It is refused"""
    with pytest.raises(TypeError, match=r"needs days\\(n\\)"):
        days(number)


def test_intervals():
    """It gives intervals"""
    assert weeks(2).starting_on("2020-01-06") == periods("2020-01-06..2020-01-12", "2020-01-13..2020-01-19")


MARCH = (date(2020, 3, 1), date(2020, 3, 31))
''',
    "small/test_first.py": '''
"""Rows"""

ROWS = {
    e: """
          | i1
        --+----
        1 |  2
        2 |
    """
}


def test_rows(spec):
    """Rows are counted"""
    spec(ROWS, e.count_for_patient(), {1: 1, 2: 1})


def test_otherwise():
    """Whatever else it is"""
    for value in (1, 2):
        assert value
''',
}
EXPECTED = """
# The language of cohortflow

What it is about.

How to read it.

## Contents

1. [Small things](#1-small-things)
    - [Sums](#sums)
    - [Rows](#rows)
2. [Beyond ehrQL](#2-beyond-ehrql)

## 1. Small things

They come first.

### Sums

**`where()` counts; x \\* 2 &lt; 3.**

`apcs`:

| patient | days_in_critical_care |
| --- | --- |
| 1 | 2 |
| 2 |  |

```python
(apcs.days_in_critical_care + 1).sum_for_patient()
```

| patient | 1 | 2 |
| --- | --- | --- |
| value | 3 | NULL |

**Several.**

```python
# INTERVAL is 2020-03-01 to 2020-03-31, both included
rows = apcs.where(apcs.days_in_critical_care > 0)
dataset.define_population(address.has_postcode)
dataset.a = rows.admission_date.maximum_for_patient()
dataset.b = address.msoa_code
```

| patient | 1 | 2 |
| --- | --- | --- |
| a | 2020-02-29 | NULL |
| b | x | `""` |

**With a function.**

`apcs`:

| patient | days_in_critical_care |
| --- | --- |
| 1 | 2 |
| 2 |  |

`address`:

| patient |
| --- |
| 1 |

```python
dataset.define_population(address.has_postcode)
def doubled(series):
    return series * 2

doubled(
    apcs.days_in_critical_care
).sum_for_patient()
```

No patient gets a row.

**It is refused.**

```python
# number: 0, "a"
days(number)
```

This is refused with a TypeError: “…needs `days(n)`…”.

**It gives intervals.**

```python
weeks(2).starting_on("2020-01-06")
```

This gives 2020-01-06..2020-01-12, 2020-01-13..2020-01-19.

<sub>Tested in `tests/spec/small/test_second.py`.</sub>

### Rows

**Rows are counted.**

`clinical_events`:

| patient |
| --- |
| 1 |
| 2 |

```python
clinical_events.count_for_patient()
```

| patient | 1 | 2 |
| --- | --- | --- |
| value | 1 | 1 |

**Whatever else it is.**

```python
for value in (1, 2):
    assert value
```

<sub>Tested in `tests/spec/small/test_first.py`.</sub>

## 2. Beyond ehrQL

What ehrQL does not have.
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    for name, text in PLANTED.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return tmp_path


def test_small_specification(planted):
    assert language_manual(planted) == EXPECTED.lstrip()


def names_of_tests(path: Path) -> list[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_every_test_of_ours_is_in_the_manual():
    _, chapters = read_specification(SPECIFICATION)
    examples = {
        section.file: len(section.examples)
        for chapter in chapters
        for section in chapter.sections
    }
    files = {
        path.relative_to(SPECIFICATION).as_posix(): path
        for path in SPECIFICATION.glob("*/test_*.py")
    }
    assert examples == {name: len(names_of_tests(path)) for name, path in files.items()}


def test_statements_of_ours_read_as_sentences():
    _, chapters = read_specification(SPECIFICATION)
    for section in (
        section for chapter in chapters[:-2] for section in chapter.sections
    ):
        statements = [
            section.title,
            *(example.statement for example in section.examples),
        ]
        # small letters begin code only
        begins = [prose(statement)[:1] for statement in statements]
        assert all(letter == letter.upper() and letter for letter in begins), (
            section.file
        )


def test_what_is_ours_alone_and_old_studies_are_the_last_chapters():
    _, chapters = read_specification(SPECIFICATION)
    assert [chapter.title for chapter in chapters[-2:]] == [
        "Beyond ehrQL",
        "Old studies",
    ]
    for chapter, folder in zip(chapters[-2:], ("beyond", "old"), strict=True):
        assert {section.file.partition("/")[0] for section in chapter.sections} == {
            folder
        }


def test_without_a_checkout(tmp_path, monkeypatch, capsys):
    with pytest.raises(ArgumentsError, match="run this in a checkout of cohortflow"):
        language_manual(tmp_path)
    monkeypatch.setattr(docs.language_manual, "__defaults__", (tmp_path,))
    assert cli.main(["docs", "language"]) == 2
    assert "which are not there" in capsys.readouterr().err


def test_command_writes_to_standard_output_or_to_a_file(tmp_path, capsys):
    assert cli.main(["docs", "language"]) == 0
    manual = capsys.readouterr().out
    assert manual == language_manual()
    assert cli.main(["docs", "language", "--to", str(tmp_path / "manual.md")]) == 0
    assert (tmp_path / "manual.md").read_text(encoding="utf-8") == manual
    assert capsys.readouterr().out == ""
    assert (
        cli.main(["docs", "language", "--to", str(tmp_path / "none" / "manual.md")])
        == 2
    )
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
