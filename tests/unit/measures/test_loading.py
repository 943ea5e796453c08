"""Loading a definition: what arrives, which files it finds, and what is told of
mistakes.
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from extractors.errors import ArgumentsError, CodelistError
from extractors.language.reading import CodelistFile
from extractors.model import nodes
from flows.__main__ import WITH_STUDY
from flows.command.arguments import COMMANDS
from measures.closed import process
from measures.closed.guard import REFUSED_MODULES
from measures.loading import load_study
from tests.lib.definitions import START, load, project, refusal, write
from tests.lib.places import CHECKOUT

__all__ = ["project"]

# what arrives -------------------------------------------------------------------------


def test_measures_arrive(project):
    study = load(START)
    (measure,) = study.measures
    assert (study.name, study.kind, study.path) == (
        "study",
        "measures",
        project / "study.py",
    )
    assert (measure.name, measure.grouping) == ("events", "sex")
    assert [str(start) for start, _ in measure.intervals] == [
        "2020-01-06",
        "2020-01-13",
    ]
    assert isinstance(measure.numerator, nodes.Aggregate)
    assert measure.numerator.interval


def test_dataset_arrives(project):
    study = load(
        "from ehrql import create_dataset\nfrom ehrql.tables.core import "
        "patients\ndataset = create_dataset()\n"
        "dataset.define_population(patients.exists_for_patient())\ndataset.sex = "
        "patients.sex\n"
    )
    assert study.kind == "dataset"
    assert set(study.dataset) == {"", "sex"}


def test_our_own_names_serve_as_well(project):
    text = START.replace(
        "from ehrql import INTERVAL, create_measures, weeks\n", ""
    ).replace("ehrql", "extractors")
    head = (
        "from extractors import INTERVAL, weeks\nfrom measures import create_measures\n"
    )
    assert load(head + text).measures == load(START).measures


def test_definition_goes_by_the_name_of_its_folder(project):
    assert load(START, "analysis/reach/definition.py").name == "reach"


def test_deep_and_shared_expressions_stay_cheap(project):
    text = START + (
        "x = patients.date_of_birth.year\nfor _ in range(3000):\n    x = x + x\n"
        "measures.define_measure('deep', numerator=x, "
        "denominator=patients.exists_for_patient(), "
        "intervals=weeks(1).starting_on('2020-01-06'))\n"
    )
    assert len(nodes.walk([load(text).measures[1].numerator])) > 3000, (
        "twice as much with every level would never end"
    )


def test_nothing_heavy_is_needed():
    code = (
        "import sys; sys.path.append(sys.argv[1]); import measures.closed.child;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    root = str(CHECKOUT)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, root],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint(
        {
            "pandas",
            "numpy",
            "pyarrow",
            "duckdb",
            "prefect",
            "dask",
            "subprocess",
            "socket",
        }
    )
    # which the child takes away again
    assert REFUSED_MODULES & loaded <= {"resource", "gc", "grp", "_signal"}


def test_process_that_was_started_early_reads_the_next_definition_and_no_other(project):
    early = process.start()
    assert load(START, early=early).measures and early.process.wait() == 0
    assert load(START).measures


def test_early_process_ends_when_nobody_is_left_to_ask(project):
    early = process.start()
    with early.process:
        os.close(early.request)  # as the system does for one that ends
        os.close(early.answer)
        assert early.process.wait(timeout=20) == 0


def test_command_starts_it_early_for_all_that_have_a_study():
    assert {
        name for name, (_, settings) in COMMANDS.items() if "study" in settings
    } == WITH_STUDY


def test_project_of_many_files(project):
    for number in range(5_000):  # the names together are longer than an argument may be
        write(f"a_module_of_a_large_project_{number}.py", "NUMBER = 1")
    assert load(
        "from a_module_of_a_large_project_4999 import NUMBER\n" + START,
        "analysis/study.py",
    ).measures


def test_order_of_a_set_is_the_same_every_time(project):
    text = START.replace(
        '"events",',
        "*sorted({hash('a') % 10**6: 'a'}, key=str)[:0], f\"n{hash('a') % 10**6}\",",
    )
    assert load(text).measures[0].name == load(text).measures[0].name


def test_prints_do_not_break_the_answer(project, capfd):
    assert load(
        "import sys\nprint('hello \\x1b[31m')\nprint('there', file=sys.stderr)\n"
        + START
    ).measures
    assert capfd.readouterr().err == "hello �[31m\nthere\n"


def test_parameters(project):
    text = (
        "from ehrql import get_parameter\nname = get_parameter('name', default='x')\n"
        + START
    )
    text = text.replace('"events"', "name")
    assert load(text).measures[0].name == "x"
    assert load(text, arguments=["--name", "y"]).measures[0].name == "y"
    (warning,) = load(text, arguments=["--nam", "y"]).warnings
    assert "asks for no parameter 'nam'; it asks for name" in warning.message


# files of the project -----------------------------------------------------------------


def use_codelist(name: str) -> str:
    line = (
        f"from ehrql import codelist_from_csv\ncodes = codelist_from_csv({name!r}, "
        "column='code')\n"
    )
    return line + START.replace(
        "INTERVAL))", "INTERVAL)).where(clinical_events.snomedct_code.is_in(codes))"
    )


@pytest.mark.parametrize(
    "folder", ["analysis/deep/codelists", "codelists", "analysis/codelists"]
)
def test_codelists_of_the_project_are_found(project, folder):
    write(f"{folder}/c.csv")
    (codelist,) = load(
        use_codelist("codelists/c.csv"), "analysis/deep/study.py"
    ).codelists
    assert isinstance(codelist, CodelistFile)
    assert (codelist.name, codelist.codes, codelist.columns) == (
        "codelists/c.csv",
        2,
        ("code",),
    )


def test_codelist_beside_the_definition_wins(project):
    write("codelists/c.csv", "code\n111111111\n")
    write("analysis/codelists/c.csv")
    assert (
        load(use_codelist("codelists/c.csv"), "analysis/study.py").codelists[0].codes
        == 2
    )


def test_damaged_codelist_is_told_with_the_authors_line(project):
    write("codelists/c.csv", "code\n1.2E+15\n")
    error = refusal(use_codelist("codelists/c.csv"))
    assert isinstance(error, CodelistError)
    assert error.message.startswith("study.py:2: codelists/c.csv")
    assert (
        "codes = codelist_from_csv('codelists/c.csv', column='code')" in error.message
    )


def test_modules_beside_the_definition_and_of_its_project(project):
    write("analysis/helper.py", "NAME = 'helped'\n")
    write("analysis/deep/near.py", "from analysis.helper import NAME\n")
    text = "from near import NAME\n" + START.replace('"events"', "NAME")
    assert load(text, "analysis/deep/study.py").measures[0].name == "helped"


def test_hash_covers_the_files_that_were_read(project):
    write("near.py", "NAME = 'a'\n")
    write("unread.py")
    text = (
        "import near, pathlib\npathlib.Path('notes.txt').read_text()\n"
        + use_codelist("codelists/c.csv")
    )
    write("codelists/c.csv")
    write("notes.txt")
    seen = {load(text).definition_hash}
    write("unread.py", "x = 1\n")
    assert load(text).definition_hash in seen
    for name in ("near.py", "codelists/c.csv", "notes.txt"):
        write(name, Path(name).read_text(encoding="utf-8") + "\n")
        seen.add(load(text).definition_hash)
    seen.add(load(text + "\n").definition_hash)
    assert len(seen) == 5


def test_stale_bytecode_is_not_trusted(project):
    path = write("near.py", "NAME = 'old'\n")
    compiling = [
        "-m",
        "compileall",
        "-q",
        "--invalidation-mode",
        "unchecked-hash",
        str(path),
    ]
    subprocess.run([sys.executable, *compiling], check=True)
    write("near.py", "NAME = 'new'\n")
    assert (
        load("from near import NAME\n" + START.replace('"events"', "NAME"))
        .measures[0]
        .name
        == "new"
    )
    assert not list(project.glob("__pycache__/study*"))


def test_dateutil_is_lent_because_ehrql_brings_it_along(project):
    text = START.replace('"2020-01-06"', "date(2020, 2, 6) - relativedelta(months=1)")
    study = load(
        "from datetime import date\nfrom dateutil.relativedelta import relativedelta\n"
        + text
    )
    assert study.measures == load(START).measures


def test_yaml_is_lent_so_that_settings_of_a_study_are_read(project):
    (project / "settings.yaml").write_text("start: 2020-01-06\n", encoding="utf-8")
    lines = (
        "import yaml\nwith open('settings.yaml') as file:\n    SETTINGS = "
        "yaml.safe_load(file)\n"
    )
    study = load(lines + START.replace('"2020-01-06"', 'SETTINGS["start"]'))
    assert study.measures == load(START).measures


def test_other_packages_beside_it_are_not(project):
    beside = Path(pandas.__file__).parent.parent
    error = refusal(
        f"from dateutil import parser\nimport os\nos.listdir({str(beside)!r})\n"
    )
    assert error.message.startswith(f"study.py:3: listing the folder {beside}")
    other = Path(pandas.__file__)
    error = refusal(f"from dateutil import parser\nopen({str(other)!r})\n")
    assert error.message.startswith(f"study.py:2: reading {other}")
    assert (
        "there is no module 'pytz' here" in refusal("import dateutil, pytz\n").message
    )


# mistakes -----------------------------------------------------------------------------

BUILD = "from ehrql import *\nfrom ehrql.tables.tpp import patients, clinical_events\n"
MISTAKES = {
    "type": ("patients.sex == 1", "study.py:3: expected str, got int"),
    "code": (
        "clinical_events.snomedct_code == 'abc'",
        "study.py:3: Invalid SNOMEDCTCode: abc",
    ),
    "domain": (
        "clinical_events.date == clinical_events.where(True).date",
        "study.py:3: Cannot combine series",
    ),
    "logic": ("patients.sex == 'a' and 1", "study.py:3: Python's `and`"),
    "column": ("patients.sexx", "has no column 'sexx'; did you mean 'sex'?"),
    "frame": (
        "clinical_events.exist_for_patient()",
        "table 'clinical_events' has no column 'exist_for_patient'; did you mean "
        "'exists_for_patient'?",
    ),
    "unsorted": ("clinical_events.first_for_patient()", "call sort_by(…) first\n"),
    "name": ("patient", "name 'patient' is not defined; did you mean 'patients'?"),
    "attribute": ("INTERVAL.start", "did you mean 'start_date'?"),
    "missing name": (
        "from ehrql import codelist",
        "there is no 'codelist' in ehrql; did you mean",
    ),
    "missing table": (
        "from ehrql.tables.tpp import patient",
        "in ehrql.tables.tpp; did you mean 'patients'?",
    ),
    "missing module": (
        "import ehrql.tables.beta.tpp",
        "no module 'ehrql.tables.beta'; did you mean 'ehrql.tables",
    ),
    "old module": (
        "from ehrql.tables.beta.tpp import patients",
        "did you mean 'ehrql.tables.tpp'?",
    ),
    "other module": (
        "import pandas",
        "there is no module 'pandas' here; a definition may import Python's own "
        "library",
    ),
    "pandas": (
        "import pandas as pd",
        "read a file of codes with codelist_from_csv(…) or with Python's csv\n",
    ),
    "key": ("{}['a']", "study.py:3: KeyError: 'a'"),
    "division": ("1 / 0", "study.py:3: ZeroDivisionError: division by zero"),
    "syntax": (
        "x = (1,",
        "study.py:3: Python cannot read this line: '(' was never closed",
    ),
    "indent": (
        "  x = 1",
        "study.py:3: Python cannot read this line: unexpected indent",
    ),
    "nothing": (
        "x = 1",
        "study.py: the file defines neither measures nor a dataset; add `measures =",
    ),
    "empty": (
        "measures = create_measures()",
        "study.py: the file defines no measure; call measures.define_measure",
    ),
    "population": (
        "dataset = create_dataset()",
        "the dataset has no population; call dataset.define_population",
    ),
    "other name": (
        "mine = create_measures()",
        "the Measures is named 'mine'; rename it to `measures`",
    ),
    "other thing": ("import measures", "`measures` is something else than a Measures"),
    "parameter": (
        "get_parameter('x')",
        "study.py:3: the parameter 'x' is needed; add `-- --x VALUE`",
    ),
    "codelist": (
        "codelist_from_csv('c.csv', column='code')",
        "study.py:3: there is no codelist file c.csv",
    ),
    "infinite": (
        "measures = create_measures()\nmeasures.define_measure('x', "
        "patients.exists_for_patient(), "
        "clinical_events.numeric_value.sum_for_patient() > 1e999, "
        "intervals=weeks(1).starting_on('2020-01-06'))",
        "infinite|JSON compliant",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_told(project, mistake):
    text, told = MISTAKES[mistake]
    message = refusal(f"{BUILD}{text}\n").message
    assert any(words in message for words in told.split("|")), message


def test_mistake_in_a_module_of_the_author(project):
    write(
        "near.py",
        "from ehrql.tables.core import patients\n\ndef f():\n    return patients.sex "
        "+ 1\n",
    )
    error = refusal("import near\nnear.f()\n")
    assert error.message.startswith("near.py:4: ")
    assert error.message.endswith(
        "\n    return patients.sex + 1\n           ^^^^^^^^^^^^^^^^"
    )
    assert "Traceback" in error.detail


def test_syntax_error_in_a_module_of_the_author(project):
    write("near.py", "x =\n")
    assert refusal("import near\n").message.startswith(
        "near.py:1: Python cannot read this line"
    )


def test_missing_file(project):
    with pytest.raises(ArgumentsError, match="no definition file"):
        load_study("none.py")
