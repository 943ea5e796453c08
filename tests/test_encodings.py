"""Every text file that code opens, shipped or of a test, names its encoding: a laptop's
own may be cp1252 or ASCII.
"""

import pytest

from tests.lib.encodings import unsaid
from tests.lib.places import CHECKOUT, project_files

ROOMS = ("extractors/", "measures/", "flows/", "infra/", "tests/")
# definitions as people write them
STRANGERS = ("tests/integration/strangers/study/", "tests/integration/old_strangers/")
BREACHES = [
    "open(path)",
    "open(path, 'w')",
    "path.open()",
    "path.open('a')",
    "path.read_text()",
    "path.write_text(words)",
    "os.fdopen(number, 'w')",
    "gzip.open(path, 'rt')",
    "io.TextIOWrapper(stream)",
    "tempfile.NamedTemporaryFile('w')",
    "subprocess.run(['ls'], text=True)",
]
NEIGHBOURS = [
    "open(path, encoding='utf-8')",
    "open(path, 'rb')",
    "open(path, mode='wb')",
    "path.open('rb')",
    "path.open('w', encoding='utf-8')",
    "address.open(needs=needs)",
    "records.open()",
    "Address.parse(where).open()",
    "path.read_text('utf-8')",
    "path.write_text(words, 'utf-8')",
    "path.read_bytes()",
    "os.fdopen(number, 'wb')",
    "os.open(path, os.O_RDONLY)",
    "gzip.open(path)",
    "gzip.open(path, 'rt', encoding='utf-8')",
    "io.TextIOWrapper(stream, 'utf-8')",
    "tempfile.TemporaryFile()",
    "subprocess.run(['ls'], capture_output=True)",
    "subprocess.run(['ls'], text=True, encoding='utf-8')",
]


def test_code_names_every_encoding():
    found = []
    for name in project_files(*ROOMS):
        if (
            name.endswith(".py")
            and name.startswith(ROOMS)
            and not name.startswith(STRANGERS)
        ):
            found += [
                f"{name}:{line} {call}() names no encoding"
                for line, call in unsaid(CHECKOUT / name)
            ]
    assert found == []


@pytest.mark.parametrize("code", BREACHES)
def test_a_breach_is_found(code, tmp_path):
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    assert [line for line, _ in unsaid(tmp_path / "a.py")] == [1]


@pytest.mark.parametrize("code", NEIGHBOURS)
def test_what_names_its_encoding_or_is_no_text_passes(code, tmp_path):
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    assert list(unsaid(tmp_path / "a.py")) == []
