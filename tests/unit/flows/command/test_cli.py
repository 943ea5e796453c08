"""What the command hands on."""

import pytest

from flows.command import cli
from measures.closed import process
from tests.lib.definitions import START, project, write

__all__ = ["project"]


@pytest.mark.parametrize(
    "words", [["check"], ["plan"], ["trial", "--to", "made-up", "--patients", "5"]]
)
def test_the_process_that_was_started_early_reads_the_definition(
    project, words, capsys
):
    early = process.start()
    study = str(write("study.py", START))
    assert cli.main([words[0], study, *words[1:]], early) == 0
    assert early.process.wait(timeout=20) == 0
    assert capsys.readouterr().err == ""
