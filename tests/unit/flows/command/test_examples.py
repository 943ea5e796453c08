"""What `--help` shows of each command is what the command takes."""

import shlex

import pytest

from flows.command import cli
from flows.command.arguments import COMMANDS, parser
from flows.command.examples import EXAMPLES


def test_every_command_has_an_example():
    assert set(EXAMPLES) == set(COMMANDS) == set(cli.COMMANDS)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_can_be_typed(name):
    for line in EXAMPLES[name]:
        program, *words = shlex.split(line)
        assert (program, words[0]) == ("cohortflow", name)
        parser(cli.COMMANDS).parse_args(words)


@pytest.mark.parametrize("name", EXAMPLES)
def test_help_ends_with_them(name, capsys):
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    out = capsys.readouterr().out
    assert "\nexamples:\n  cohortflow " in out
    assert out.rstrip().endswith(EXAMPLES[name][-1])
