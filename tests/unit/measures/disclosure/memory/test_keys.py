"""The secret key: made once, for its owner alone, and even in what it decides."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.keys import LENGTH, PUBLIC, Key, load_key


def test_key_is_made_once_and_only_for_its_owner(tmp_path):
    path = tmp_path / "config" / "cohortflow" / "key"
    key = load_key(path)
    assert len(key.secret) == LENGTH and load_key(path) == key
    assert (
        stat.S_IMODE(path.stat().st_mode) == 0o600
        and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    )
    assert list(path.parent.iterdir()) == [path]
    assert key.secret.hex() not in repr(key) and key.id not in key.secret.hex()


@pytest.mark.parametrize(
    "place, mode", [("key", 0o640), ("key", 0o604), (".", 0o770), (".", 0o707)]
)
def test_key_that_others_can_get_at_is_refused(tmp_path, place, mode):
    path = tmp_path / "cohortflow" / "key"
    load_key(path)
    os.chmod(path.parent / place, mode)
    with pytest.raises(DisclosureRefused, match="chmod"):
        load_key(path)


def test_the_folder_of_a_key_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    load_key(Path("key"))
    tmp_path.chmod(0o777)
    with pytest.raises(
        DisclosureRefused,
        match=f"the permissions are 777; say chmod 700 {tmp_path}$",
    ):
        load_key(Path("key"))


def test_damaged_key_and_key_in_the_workspace(tmp_path):
    path = tmp_path / "cohortflow" / "key"
    load_key(path)
    with pytest.raises(DisclosureRefused, match="where others look"):
        load_key(path, forbidden=tmp_path)
    path.write_bytes(b"short")
    with pytest.raises(DisclosureRefused, match="5 bytes"):
        load_key(path)


def test_chance_is_the_same_everywhere_and_words_do_not_run_together():
    assert PUBLIC.uniform("a", "b") == PUBLIC.uniform("a", "b") != PUBLIC.uniform("ab")
    assert PUBLIC.uniform("a", "b") != Key(bytes(32)).uniform("a", "b")
    drawn = [PUBLIC.uniform(str(n)) for n in range(2_000)]
    assert min(drawn) > 0 and max(drawn) < 1 and abs(np.mean(drawn) - 0.5) < 0.02
