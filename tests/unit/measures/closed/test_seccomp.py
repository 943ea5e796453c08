"""The list of allowed calls, run through an interpreter of the kernel's filter
language.
"""

import os
import re
import struct
from pathlib import Path

import pytest

from measures.closed.seccomp import ALLOW, KILL, MACHINES, REFUSE, program

OURS = 4711
HEADERS = {
    "x86_64": ("asm/unistd_64.h", re.compile(r"#define __NR_(\w+) (\d+)")),
    "aarch64": (
        "asm-generic/unistd.h",
        re.compile(r"#define __NR(?:3264)?_(\w+) (\d+)"),
    ),
}


def verdict(
    machine: str, number: int, *arguments: int, architecture: int | None = None
) -> int:
    """What the filter says of a call, as linux/filter.h defines its steps."""
    own, calls, special = MACHINES[machine]
    code = program(own, calls, special, OURS)
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    given = [*arguments, *[0] * 6][:6]
    asked = struct.pack(
        "=iIQ6Q", number, own if architecture is None else architecture, 0, *given
    )
    word, at = 0, 0
    while True:
        what, if_true, if_false, value = steps[at]
        at += 1
        if what == 0x06:
            return value
        if what == 0x20:
            (word,) = struct.unpack_from("=I", asked, value)
        elif what == 0x15:
            at += if_true if word == value else if_false
        elif what == 0x45:
            at += if_true if word & value else if_false
        else:
            raise AssertionError(f"no step {what:#x}")


def listed(machine: str) -> dict[str, int]:
    words = MACHINES[machine][1].split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_is_listed_is_allowed(machine):
    allowed = {number for number in range(1024) if verdict(machine, number) == ALLOW}
    # a mapping that is not executable is fine, too; and no process has the number 0
    assert allowed == {
        *listed(machine).values(),
        *(MACHINES[machine][2][name] for name in ("mmap", "mprotect")),
    }
    assert {verdict(machine, number) for number in range(1024)} == {ALLOW, REFUSE}


@pytest.mark.parametrize("machine", MACHINES)
def test_no_memory_becomes_a_program(machine):
    for name in ("mmap", "mprotect"):
        number = MACHINES[machine][2][name]
        assert [verdict(machine, number, 0, 4096, rights) for rights in range(8)] == [
            ALLOW
        ] * 4 + [REFUSE] * 4


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_only_to_itself(machine):
    number = MACHINES[machine][2]["tgkill"]
    assert verdict(machine, number, OURS) == ALLOW
    assert verdict(machine, number, OURS + 1) == verdict(machine, number, 1) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_architecture_end_the_process(machine):
    assert verdict(machine, listed(machine)["read"], architecture=0x40000003) == KILL
    # x32, on x86_64
    assert verdict(machine, 0x40000000 | listed(machine)["read"]) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_the_kernels(machine):
    name, line = HEADERS[machine]
    roots = (
        Path("/usr/include"),
        Path("/usr/include") / f"{os.uname().machine}-linux-gnu",
    )
    header = next((root / name for root in roots if (root / name).is_file()), None)
    if header is None:
        pytest.skip(f"the kernel's header {name} is not installed")
    known = {
        found[1]: int(found[2])
        for found in line.finditer(header.read_text(encoding="utf-8"))
    }
    wanted = {**listed(machine), **MACHINES[machine][2]}
    assert wanted == {each: known[each] for each in wanted}
