"""seccomp: the kernel refuses every call that is not on a short list, for good.

The list is what Python needs to compute, to talk through pipes that are open, and to
end. It has no way to open a file, to look at one, to make a socket, a process or a
thread, to signal, trace or read another process, to mount, to share memory, or to make
memory executable. What a later kernel adds is refused as well, because only what is
listed is allowed. Numbers of calls are from the kernel's asm/unistd_64.h and
asm-generic/unistd.h. A kernel without seccomp is not an error.
"""

import ctypes
import os
import struct

SET_SECCOMP, FILTER, NO_NEW_PRIVS = 22, 2, 38
ALLOW, KILL = 0x7FFF0000, 0x80000000
# the call fails with EPERM, which Python knows as PermissionError
REFUSE = 0x00050000 | 1

# Instructions of the filter: load a word of what is asked, compare, give the verdict.
LOAD, EQUAL, ANY_BIT, VERDICT = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST, THIRD = 0, 4, 16, 32  # where words lie in what is asked
EXECUTABLE = 4  # of mmap's and mprotect's third argument

# By name of machine: how the kernel calls it, and the numbers of its calls.
MACHINES = {
    "x86_64": (
        0xC000003E,
        """read 0 write 1 close 3 fstat 5 lseek 8 munmap 11 brk 12 rt_sigaction 13
        rt_sigprocmask 14 rt_sigreturn 15 readv 19 writev 20 sched_yield 24 mremap 25
        madvise 28 nanosleep 35 getpid 39 exit 60 uname 63 getcwd 79 gettimeofday 96
        getrusage 98 times 100 getuid 102 getgid 104 geteuid 107 getegid 108 getppid 110
        sigaltstack 131 gettid 186 time 201 futex 202 sched_getaffinity 204
        restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230
        exit_group 231 getrandom 318 membarrier 324""",
        {"mmap": 9, "mprotect": 10, "tgkill": 234},
    ),
    "aarch64": (
        0xC00000B7,
        """getcwd 17 close 57 lseek 62 read 63 write 64 readv 65 writev 66 fstat 80
        exit 93 exit_group 94 futex 98 nanosleep 101 clock_gettime 113 clock_getres 114
        clock_nanosleep 115 sched_getaffinity 123 sched_yield 124 restart_syscall 128
        sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139 times 153
        uname 160 getrusage 165 gettimeofday 169 getpid 172 getppid 173 getuid 174
        geteuid 175 getgid 176 getegid 177 gettid 178 brk 214 munmap 215 mremap 216
        madvise 233 getrandom 278 membarrier 283""",
        {"mmap": 222, "mprotect": 226, "tgkill": 131},
    ),
}


def restrict() -> bool:
    """Allow this process, for good, only the listed calls. False where there is no such
    wall.
    """
    machine = MACHINES.get(os.uname().machine)
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    instructions = program(*machine, process=os.getpid())
    code = ctypes.create_string_buffer(instructions, len(instructions))
    head = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(code))
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    filtered = ctypes.c_char_p(head), ctypes.c_ulong(0), ctypes.c_ulong(0)
    return kernel.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), *filtered) == 0


def program(
    architecture: int, calls: str, special: dict[str, int], process: int
) -> bytes:
    """The filter, in the kernel's own small language.

    Each call is one comparison, behind which lies its verdict. Calls of another
    architecture (32 bits on the same machine) have other numbers, so they end the
    process.
    """
    code = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, architecture, 1, 0),
        _step(VERDICT, KILL),
    ]
    code.append(_step(LOAD, NUMBER))
    for number in map(int, calls.split()[1::2]):
        code += [_step(EQUAL, number, 0, 1), _step(VERDICT, ALLOW)]
    for name in ("mmap", "mprotect"):
        code += _unless(special[name], _step(ANY_BIT, EXECUTABLE, 0, 1), THIRD)
    # abort() is a signal to oneself; one to anybody else is none of a definition's
    # business
    code += _unless(special["tgkill"], _step(EQUAL, process, 1, 0), FIRST)
    code.append(_step(VERDICT, REFUSE))
    return b"".join(code)


def _unless(number: int, condition: bytes, word: int) -> list[bytes]:
    """A call that is refused where the condition, of a word of its arguments, goes to
    the next step.
    """
    refused, allowed = _step(VERDICT, REFUSE), _step(VERDICT, ALLOW)
    return [_step(EQUAL, number, 0, 4), _step(LOAD, word), condition, refused, allowed]


def _step(what: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", what, if_true, if_false, value)
