"""Small trees that break one wall each, with the complaint that is expected, and trees
that break none.

The name of the check in `tests/test_rooms.py` comes first, then the files of the tree.
"""

ENGINE = {"extractors/engine.py": "import duckdb"}
TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\nelse:\n    {}"
LONG = "def f():\n" + "    pass\n" * 50
ROOT, TEMPORARY = "/roo" + "t/x", "/tm" + "p/x"

BREACHES: list[tuple[str, dict[str, str], str]] = [
    (
        "walls",
        {"extractors/a.py": "import measures.release.bundle"},
        "extractors/a.py:1 imports measures.release.bundle",
    ),
    ("walls", {"extractors/a.py": "from flows import cli"}, "imports flows"),
    ("walls", {"measures/a.py": "import flows"}, "measures/a.py:1 imports flows"),
    ("walls", {"infra/a.py": "import flows"}, "infra/a.py:1"),
    (
        "walls",
        {"measures/a.py": "from extractors.engine import Engine"},
        "imports extractors.engine",
    ),
    (
        "walls",
        ENGINE | {"measures/a.py": "from extractors import engine"},
        "imports extractors.engine",
    ),
    (
        "walls",
        ENGINE | {"measures/b/a.py": "from ...extractors import engine"},
        "imports extractors.engine",
    ),
    (
        "walls",
        {"measures/a.py": TYPING.format("import prefect", "pass")},
        "measures/a.py:3 imports prefect",
    ),
    (
        "walls",
        {"measures/a.py": TYPING.format("pass", "import dask.array")},
        "imports dask.array",
    ),
    (
        "walls",
        {"extractors/a.py": "def f():\n    from distributed import Client"},
        "imports distributed",
    ),
    (
        "walls",
        {"extractors/a.py": "x = lambda: __import__('duckdb')"},
        "imports duckdb",
    ),
    ("walls", {"measures/engine.py": "import duckdb"}, "imports duckdb"),
    (
        "walls",
        {"flows/a.py": "import importlib\nimportlib.import_module('duckdb')"},
        "flows/a.py:2",
    ),
    (
        "hidden_imports",
        {"measures/a.py": "def f():\n    import measures.b"},
        "measures/a.py:2",
    ),
    (
        "hidden_imports",
        {"measures/a.py": "class A:\n    async def f(self): from . import b"},
        "inside a function",
    ),
    (
        "hidden_imports",
        {"flows/command/cli.py": "def f():\n    import flows.workspace.store"},
        "imports flows.workspace.store",
    ),
    (
        "hidden_imports",
        {"flows/state/periods.py": "def f():\n    import flows.running.pipeline"},
        "flows/state/periods.py:2",
    ),
    (
        "cycles",
        {
            "measures/a.py": "import measures.b",
            "measures/b.py": "from measures import c",
            "measures/c.py": "from .a import x",
        },
        "import cycle: ",
    ),
    ("cycles", {"measures/a.py": "from measures.a import x"}, "measures.a"),
    (
        "cycles",
        {
            "measures/__init__.py": "from .a import x",
            "measures/a.py": "from measures import x",
        },
        "cycle",
    ),
    (
        "folder_circles",
        {
            "measures/a/b.py": "import measures.c.d",
            "measures/c/e.py": "from measures.a import f",
            "measures/c/d.py": "",
            "measures/a/f.py": "",
        },
        "circle of folders in measures: ",
    ),
    (
        "folder_circles",
        {
            "measures/a/b.py": "import measures.c",
            "measures/c.py": "from measures.a import f",
            "measures/a/f.py": "",
        },
        "circle of folders in measures: ",
    ),
    (
        "floors",
        {"flows/state/a.py": "import flows.running.b", "flows/running/b.py": ""},
        "flows/state/a.py:1 imports flows.running.b, which lies above flows/state",
    ),
    (
        "floors",
        {"measures/counts/a.py": "from measures import loft", "measures/loft.py": ""},
        "measures/loft has no floor",
    ),
    (
        "readers",
        {"measures/release/a.py": "from measures.counts.types import RawCounts"},
        "measures/release/a.py:1 imports measures.counts.types; measures/release/ "
        "reads released counts",
    ),
    (
        "readers",
        {"measures/sites/a.py": "import measures.disclosure.memory.ledger"},
        "measures/sites/ reads released counts",
    ),
    ("long_files", {"flows/a.py": "\n" * 401}, "flows/a.py has 401 lines"),
    ("long_files", {"tests/a.py": "\n" * 401}, "tests/a.py has 401 lines"),
    (
        "long_functions",
        {"measures/a.py": "class A:\n    async " + LONG.replace("\n", "\n    ")},
        "a.py:2 f has 51",
    ),
    ("strangers", {"measures/a.py": "", "setup.cfg": ""}, "setup.cfg does not belong"),
    (
        "letter_boxes",
        {"flows/a.py": "READY = []\ndef f():\n    READY.append(1)"},
        "flows/a.py:3 changes READY",
    ),
    (
        "letter_boxes",
        {"flows/a.py": "X = 1\ndef f():\n    global X\n    X = 2"},
        "flows/a.py:3 changes X",
    ),
    (
        "letter_boxes",
        {"measures/a.py": "from extractors import b\ndef f():\n    b.path[:] = [1]"},
        "measures/a.py:3 changes b.path",
    ),
    ("strangers", {"scripts/a.py": ""}, "scripts does not belong"),
    (
        "addresses",
        {"infra/pip.conf": "index-url = files.python" + "hosted.org"},
        "infra/pip.conf:1",
    ),
    (
        "addresses",
        {"README.md": "\nfrom PyP" + "I.org"},
        "README.md:2 names a package index",
    ),
    (
        "addresses",
        {"infra/requirements.txt": "--find" + "-links file:/" + "/wheels"},
        "holds an address",
    ),
    ("machine_paths", {"tests/unit/a.py": f"open('{ROOT}')"}, "tests/unit/a.py:1"),
    ("machine_paths", {"infra/run": f"cd {ROOT}"}, "infra/run:1"),
    (
        "files_in_sql",
        {"extractors/a.py": "x = f'FROM read_parquet({y})'"},
        "extractors/a.py:1",
    ),
    (
        "files_in_sql",
        {"flows/a.py": "def f():\n    return f'COPY ({q}) TO {p}'"},
        "flows/a.py:2",
    ),
    ("files_in_sql", {"measures/a.py": "x = 'attach ' + y"}, "says ATTACH"),
    (
        "files_in_sql",
        {"extractors/a.sql": "SELECT 1\nFROM glob('*')"},
        "extractors/a.sql:2",
    ),
    ("machine_paths", {"flows/a.py": f"x = '{TEMPORARY}'"}, "flows/a.py:1"),
    (
        "untested",
        {
            "measures/disclosure/audit/a.py": "",
            "tests/unit/measures/disclosure/test_a.py": "",
        },
        "give it tests/unit/measures/disclosure/audit/test_a.py",
    ),
    (
        "untested",
        {"measures/disclosure/audit/__init__.py": '"""Words."""\nCODE = 1'},
        "give it tests/unit/measures/disclosure/audit/test_audit.py",
    ),
]

NEIGHBOURS: list[tuple[str, dict[str, str]]] = [
    ("walls", ENGINE),
    (
        "walls",
        {
            "flows/a.py": "import dask, distributed, prefect, measures, extractors.engine, "
            "flows.workspace.store"
        },
    ),
    (
        "walls",
        {
            "measures/a.py": "import extractors.sources\nfrom extractors import weeks, engineering"
        },
    ),
    ("walls", {"extractors/sources/a.py": "from extractors.engine import Engine"}),
    ("walls", {"tests/a.py": "import duckdb, flows, prefect"}),
    ("walls", {"extractors/a.py": "import duckdbish, daskfoo"}),
    (
        "hidden_imports",
        {
            "flows/command/computing.py": "def f():\n    from flows.command import by_command",
            "flows/command/by_command.py": "",
        },
    ),
    (
        "hidden_imports",
        {"measures/a.py": "def f():\n    import json\nimport measures.b"},
    ),
    (
        "cycles",
        {
            "measures/a.py": TYPING.format("import measures.b", "pass"),
            "measures/b.py": "import measures.a",
        },
    ),
    (
        "cycles",
        {
            "measures/__init__.py": "from .a import x",
            "measures/a.py": "from measures import b",
            "measures/b.py": "",
        },
    ),
    (
        "folder_circles",
        {
            "measures/a/b.py": "import measures.c.d\nimport measures.a.f",
            "measures/c/d.py": TYPING.format("import measures.a.f", "pass"),
            "measures/a/f.py": "",
        },
    ),
    (
        "floors",
        {
            "flows/running/a.py": "import flows.state.b\nimport flows.running.c\nfrom flows import "
            "state"
        },
    ),
    (
        "readers",
        {
            "measures/release/a.py": "import measures.release.b\nfrom measures.counts.columns import KEYS"
        },
    ),
    (
        "long_files",
        {
            "measures/a.py": "\n" * 400,
            "extractors/tables/tpp.py": "\n" * 401,
            "infra/x.txt": "\n" * 401,
        },
    ),
    (
        "long_functions",
        {
            "measures/a.py": LONG.replace("    pass\n", "", 1),
            "extractors/tables/a.py": LONG,
        },
    ),
    (
        "letter_boxes",
        {
            "flows/a.py": "import sys\nA = []\ndef f(A):\n    A.append(1)\n    "
            "sys.path.append(2)"
        },
    ),
    (
        "letter_boxes",
        {
            "flows/a.py": "A = []\nA.append(1)\ndef f():\n    A = []\n    A.append(1)\n    "
            "return A"
        },
    ),
    ("strangers", {".ci/run": "", "pyproject.toml": "", "infra/deep/setup.cfg": ""}),
    (
        "files_in_sql",
        {
            "extractors/a.py": '"""COPY (x) TO y."""\nread_parquet([path])\nx = "a copy of it"',
            "extractors/sql/files.py": "x = f'ATTACH {y}'",
            "tests/a.py": "x = 'FROM read_csv(y)'",
        },
    ),
    (
        "addresses",
        {"README.md": "https:/" + "/example.org", "infra/run": "PIP_FIND_LINKS=FOLDER"},
    ),
    (
        "machine_paths",
        {"tests/a.py": TEMPORARY, "infra/run": "#!/usr/bin/env bash\ncd $HOME" + ROOT},
    ),
    (
        "untested",
        {
            "measures/disclosure/audit/a.py": "",
            "measures/disclosure/audit/__init__.py": '"""Words alone."""',
            "tests/unit/measures/disclosure/audit/test_a.py": "",
            "measures/elsewhere.py": "",
        },
    ),
]
