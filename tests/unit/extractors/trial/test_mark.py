"""The mark of made-up records fits the folder that it was made for, and no other."""

import pytest

from extractors.trial.mark import MARK, is_marked, write_mark


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "events").mkdir()
    (tmp_path / "patients.parquet").write_bytes(b"some")
    (tmp_path / "events" / "part-0.parquet").write_bytes(b"others")
    write_mark(tmp_path)
    return tmp_path


def test_a_marked_folder(folder):
    assert is_marked(folder)


def test_a_changed_file(folder):
    (folder / "events" / "part-0.parquet").write_bytes(b"real ones")
    assert not is_marked(folder)


def test_another_file_and_one_less(folder):
    (folder / "deaths.parquet").write_bytes(b"")
    assert not is_marked(folder)
    (folder / "deaths.parquet").unlink()
    (folder / "patients.parquet").unlink()
    assert not is_marked(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "cohortflow trial 0", "files": {}}', "\xff"]
)
def test_what_is_no_mark(tmp_path, text):
    assert not is_marked(tmp_path)
    (tmp_path / MARK).write_bytes(text.encode("latin-1"))
    assert not is_marked(tmp_path)
