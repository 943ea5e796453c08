"""Tricks by which a definition might get out of its closed process, and what each is
after.

A trick finds these names: TOP, RECORDS, KEY, PGPASS, LEDGER (paths), STARTER (a
process), TCP and UDP (ports), UNIX and ABSTRACT (addresses), MARK (the text that means
"I could"), `libc`, `call` (of the kernel, by name), `raw` (reads a file by the lowest
means Python has) and CHANNEL. Whatever it leaves in `loot` is carried out in an error's
text. After a line that is refused the next one runs, so a trick looks at what it has
made.
"""

HEAD = """
import os, sys, io, struct, time
posix = sys.modules["posix"]
MARK, loot = "S3" + "CRET", None
def raw(path):
    import _io
    return _io.FileIO(path).read()
CHANNEL = getattr(getattr(open, "__self__", None), "channel", None)
"""
NATIVE = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"x86_64": dict(
    bpf=321, keyctl=250, add_key=248, io_uring_setup=425, perf_event_open=298, userfaultfd=323,
    memfd_create=319, pidfd_open=434, openat2=437, execveat=322, clone3=435, name_to_handle_at=303,
    shmget=29, statx=332, socket=41, open=2, fork=57, memfd_secret=447, inotify_init1=294,
    eventfd2=290, epoll_create1=291, timerfd_create=283, signalfd4=289, fsopen=430,
    open_tree=428, mq_open=240, msgget=68, semget=64, landlock=444, seccomp=317,
), "aarch64": dict(
    bpf=280, keyctl=219, add_key=217, io_uring_setup=425, perf_event_open=241, userfaultfd=282,
    memfd_create=279, pidfd_open=434, openat2=437, execveat=281, clone3=435, name_to_handle_at=264,
    shmget=194, statx=291, socket=198, memfd_secret=447, inotify_init1=26, eventfd2=19,
    epoll_create1=20, timerfd_create=85, signalfd4=74, fsopen=430, open_tree=428, mq_open=180,
    msgget=186, semget=190, landlock=444, seccomp=277,
)}[os.uname().machine]
def call(name, *arguments):
    if name not in CALLS:
        return -1
    given = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    return libc.syscall(ctypes.c_long(CALLS[name]), *given)
def connected(family, kind, address):
    number = libc.socket(family, kind, 0)
    if number < 0:
        return -1
    libc.sendto(number, b"sent", 4, 0, address, len(address))
    done = libc.connect(number, address, len(address))
    libc.send(number, b"sent", 4, 0)
    return done
"""
FOOT = """
raise ValueError(f"loot {loot!r}")
"""

DEFEAT = """
for each in object.__subclasses__():
    if each.__name__ == "Guard":
        each.__call__ = lambda *_: None
"""
# A daemon that outlives everything.
DAEMON = """
if {fork} == 0:
    os.setsid()
    if {fork} == 0:
        while True: time.sleep(1)
    os._exit(0)
"""

INTROSPECTION = {
    "switches the guard off": DEFEAT + "loot = raw(RECORDS)",
    "makes the judge kind": (
        "for each in object.__subclasses__():\n"
        "    if each.__name__ in ('Judge', 'Readable'): each.owner = each.check = "
        "lambda *_: 'own'\n"
        "loot = open(KEY).read()"
    ),
    "finds the real open": "loot = open.__self__.really_open(RECORDS).read()",
    "asks the starter itself": "loot = CHANNEL.ask('file', RECORDS)",
    "asks the starter for the key": "loot = CHANNEL.ask('file', KEY)",
    "asks softly": "loot = CHANNEL.ask('file', KEY, softly=True)",
    "asks for names": "loot = CHANNEL.ask('names', os.path.dirname(RECORDS), softly=True)",
    "asks for facts": "loot = MARK if CHANNEL.ask('facts', RECORDS) else 0",
    "begins again": (
        "CHANNEL.say({'ask': 'begin', 'library': ['/'], 'weak': []}); "
        "CHANNEL.hear()\nloot = CHANNEL.ask('file', KEY)"
    ),
    "asks with a zero": "loot = CHANNEL.ask('file', RECORDS + chr(0) + '.py')",
    "asks for what is no path": "CHANNEL.say({'ask': 'file', 'path': [KEY]}); loot = CHANNEL.hear()",
    "looks through frames": (
        "del MARK\nframe, loot = sys._getframe(), ''\n"
        "while frame: loot += repr(frame.f_locals) + repr(frame.f_globals); frame = "
        "frame.f_back"
    ),
    "walks a traceback": (
        "try: open.__self__.ask('file', 5)\n"
        "except BaseException as error: trace = error.__traceback__\n"
        "loot = trace.tb_frame.f_globals['posix'].open(RECORDS, 0)\nloot = "
        "os.read(loot, 99)"
    ),
    "takes globals of a function": "loot = os.walk.__globals__['open'](RECORDS, 0); loot = os.read(loot, 99)",
    "takes the importer's system": (
        "import importlib._bootstrap_external as b\nloot = "
        "os.read(b._os.open(RECORDS, 0), 99)"
    ),
    "runs broken bytecode": "exec((lambda: 0).__code__.replace(co_code=b'\\x64\\xff' * 50))",
    "patches what answers": (
        "import json\njson.dumps = lambda *a, **k: MARK\nCHANNEL.say = print\n"
        "sys.modules['measures.study'].Study.to_json = lambda self: {'path': KEY}"
    ),
}
PYTHON = {
    "reads by codecs": "import codecs; loot = codecs.open(RECORDS).read()",
    "registers a codec": (
        "import codecs\ncodecs.register(lambda name: raw(RECORDS))\nloot = "
        "b'x'.decode('made-up')"
    ),
    "hooks imports": (
        "import importlib.machinery as m\nloot = m.SourceFileLoader('x', "
        "KEY).get_data(KEY)"
    ),
    "imports the records": (
        "import importlib.machinery as m\nloot = m.SourceFileLoader('x', "
        "RECORDS).load_module()"
    ),
    "imports from elsewhere": "sys.path.insert(0, TOP); import outside; loot = outside.VALUE",
    "imports a zip": "sys.path.insert(0, TOP + '/x.zip'); import zipped; loot = zipped",
    "loads a library in C": "loot = ctypes.CDLL('./notes.txt')",
    "reads lines for tracebacks": "import linecache; loot = linecache.getlines(RECORDS)",
    "reads as source": "import tokenize; loot = tokenize.open(KEY).read()",
    "reads by mmap": "import mmap; loot = mmap.mmap(posix.open(RECORDS, 0), 0)[:]",
    "reads from a folder's descriptor": "loot = os.read(os.open('patients.csv', 0, dir_fd=os.open('records', 0)), 99)",
    "unpickles a program": "import pickle; loot = pickle.loads(b'cposix\\nsystem\\n(Vtouch "
    "planted\\ntR.')",
    "reads a database": "import sqlite3; loot = sqlite3.connect(RECORDS).execute('select 1')",
    "walks over all": "loot = [list(os.walk(TOP)), __import__('glob').glob(TOP + '/**/*', "
    "recursive=True)]",
    "lists the records": "import pathlib; loot = list(pathlib.Path('records').iterdir())",
    "lists by the system": "loot = posix.listdir('records')",
    "looks at a record": "loot = MARK if posix.stat(RECORDS).st_size else 0",
    "traces": "sys.settrace(lambda *a: open(KEY)); sys.setprofile(lambda *a: open(KEY)); "
    "(lambda: 0)()",
    "runs at the end": "import atexit; atexit.register(lambda: posix.mkdir(TOP + '/planted'))",
    "tells a wrong place": "exec(compile('x = (', RECORDS, 'exec'))",
    "reads standard input": "loot = os.read(0, 99)",
}
PATHS = {
    "reads records": "loot = open('records/patients.csv').read()",
    "reads the ledger": "loot = open(LEDGER).read()",
    "reads the key": "loot = open(KEY).read()",
    "reads a password by ..": "loot = open('../home/.pgpass').read()",
    "follows a link": "loot = open('linked.csv').read()",
    "follows a link to a folder": "loot = open('shelf/patients.csv').read()",
    "reads a hard link to a record": "loot = open('hard.csv').read()",
    "reads a hard link to the key": "loot = open('hard.txt').read()",
    "climbs by a link to the root": "loot = open('up' + KEY).read()",
    "reads results": "loot = open('output/rows.csv').read()",
    "reads a hidden file": "loot = open('.env').read()",
    "reads another run's shelf": "loot = open('old/highly_sensitive/rows.csv').read()",
    "reads other letters": "loot = open('RECORDS/patients.csv').read()",
    "reads a table": "loot = open('rows.parquet', 'rb').read()",
    "waits at a pipe": "loot = open('fifo').read()",
    "reads without end": "loot = open('zero').read()",
    "reads the environment": "loot = dict(os.environ)",
    "reads its own environment": "loot = raw('/proc/self/environ')",
    "reads the starter's environment": "loot = raw(f'/proc/{STARTER}/environ')",
    "reads the starter's memory": "loot = MARK if raw(f'/proc/{STARTER}/maps') else 0",
    "reads through /proc": "loot = raw('/proc/self/root' + KEY)",
    "reads through the starter's folder": "loot = raw(f'/proc/{STARTER}/cwd/records/patients.csv')",
    "reads through /dev/fd": "loot = [raw(f'/dev/fd/{n}') for n in range(3, 40) if n not in CHANNEL.ends]",
    "writes": "posix.mkdir(TOP + '/planted')",
    "changes a file": "posix.truncate('notes.txt', 0)",
    "changes rights of a file": "posix.chmod('notes.txt', 0o600)",
    "renames": "posix.rename('notes.txt', TOP + '/planted')",
    "makes a link": "posix.symlink(KEY, 'key.txt'); loot = open('key.txt').read()",
    "reads inherited descriptors": (
        "loot = []\nfor n in range(3, 200):\n    if n not in CHANNEL.ends:\n"
        "        try: loot.append(os.pread(n, 99, 0) or os.read(n, 99))\n        "
        "except OSError: pass"
    ),
    "writes to inherited descriptors": (
        "for n in range(3, 200):\n    if n not in CHANNEL.ends:\n"
        "        try: os.write(n, b'planted')\n        except OSError: pass"
    ),
}
ANSWERS = {
    "answers a pickle": "CHANNEL.put(b'\\x80\\x04cos\\nsystem\\n(Vtouch planted\\ntR.'); os._exit(0)",
    "answers without end": (
        "os.write(CHANNEL.saying, (1 << 35).to_bytes(8, 'big'))\nwhile True: "
        "os.write(CHANNEL.saying, b'0' * 65536)"
    ),
    "answers much": "CHANNEL.put(b'{\"study\": \"' + b'0' * (63 << 20) + b'\"}'); os._exit(0)",
    "answers deep": "CHANNEL.put(b'{\"study\": ' + b'[' * 1_000_000); os._exit(0)",
    "answers deep and whole": (
        "CHANNEL.put(b'{\"study\": ' + b'[' * 100_000 + b']' * 100_000 + b'}'); "
        "os._exit(0)"
    ),
    "answers rather deep": (
        "CHANNEL.put(b'{\"study\": ' + b'[' * 900 + b']' * 900 + b'}'); os._exit(0)"
    ),
    "answers a deep message": (
        "CHANNEL.put(b'{\"error\": {\"message\": ' + b'[' * 900 + b']' * 900 + "
        "b'}}'); os._exit(0)"
    ),
    "answers in colours": "CHANNEL.say({'study': {'\\x1b[31m': 1, 'kind': '\\x1b[31m'}}); os._exit(0)",
    "answers a list": "CHANNEL.put(b'[1, 2]'); os._exit(0)",
    "answers nothing": "CHANNEL.put(b''); CHANNEL.put(b'null'); os._exit(0)",
    "answers twice": "CHANNEL.put(b'{\"study\": 1}'); CHANNEL.ask('file', KEY); os._exit(0)",
    "asks what is no question": "CHANNEL.say({'ask': ['file'], 'path': KEY}); loot = CHANNEL.hear()",
    "answers a long number": "CHANNEL.put(b'{\"study\": ' + b'9' * 1_000_000 + b'}'); os._exit(0)",
    "answers halves of characters": (
        'CHANNEL.put(b\'{"error": {"message": "\\\\ud800", "file": "\\\\u0000", '
        '"line": 1}}\'); os._exit(0)'
    ),
    "answers with a record's line": (
        "CHANNEL.say({'error': {'file': RECORDS, 'line': 2, 'message': 'x'}}); "
        "os._exit(0)"
    ),
    "answers with the key's line": "CHANNEL.say({'error': {'file': KEY, 'line': 1, 'message': 'x'}}); "
    "os._exit(0)",
    "answers with a forged codelist": (
        "CHANNEL.say({'study': {'path': KEY, 'kind': 'dataset', 'graph': [], "
        "'intervals': [], 'measures': [], 'dataset': {}, 'codelists': [{'name': "
        "RECORDS, 'sha256': '0' * 64, 'codes': 1, 'columns': ['x']}], "
        "'definition_hash': ''}}); os._exit(0)"
    ),
    "answers half and waits": "os.write(CHANNEL.saying, (99).to_bytes(8, 'big') + b'{'); time.sleep(99)",
    "never listens": (
        'while True: CHANNEL.put(b\'{"ask": "file", "path": "notes.txt"}\')'
    ),
    "asks without end": "while True: CHANNEL.ask('facts', 'notes.txt')",
    "prints without end": "while True: print('x' * 10_000)",
    "runs without end": "while True: pass",
    "sleeps without end": "while True: time.sleep(9)",
    "ignores its limit": "libc.signal(24, ctypes.c_void_p(1))\nwhile True: pass",
    "closes all and goes on": "posix.closerange(0, 99)\nwhile True: time.sleep(9)",
    "takes all memory": "x = [b'x' * (1 << 28) for _ in range(99)]",
    "maps all memory": "loot = MARK if bytearray(3 << 30) else 0",
    "crashes": "libc.abort()",
    "dumps its core": "libc.prctl(4, 1, 0, 0, 0); libc.raise_(11) if 0 else "
    "libc.strlen(ctypes.c_void_p(1))",
}
NETWORK = {
    "connects": "import socket; socket.create_connection(('127.0.0.1', TCP)).send(b'x')",
    "connects by C": (
        "loot = MARK if connected(2, 1, struct.pack('=HH4s8x', 2, "
        "struct.unpack('=H', TCP.to_bytes(2, 'big'))[0], bytes([127, 0, 0, 1]))) == "
        "0 else 0"
    ),
    "sends UDP": (
        "loot = MARK if connected(2, 2, struct.pack('=HH4s8x', 2, "
        "struct.unpack('=H', UDP.to_bytes(2, 'big'))[0], bytes([127, 0, 0, 1]))) == "
        "0 else 0"
    ),
    "connects to a local socket": "loot = MARK if connected(1, 1, b'\\1\\0' + UNIX.encode() + b'\\0') == 0 "
    "else 0",
    "connects to an abstract socket": "loot = MARK if connected(1, 1, b'\\1\\0\\0' + ABSTRACT.encode()) == 0 else 0",
    "asks for a name": "libc.gethostbyname(b'x.invalid')",
    "opens any socket": (
        "loot = [(f, k) for f in range(46) for k in (1, 2, 3, 5) if libc.socket(f, "
        "k, 0) >= 0]\n"
        "loot = MARK if loot else 0"
    ),
    "opens a socket by number": "loot = MARK if call('socket', 2, 2, 0) >= 0 else 0",
    "listens": (
        "import socket; made = socket.socket(); made.listen()\nloot = MARK if "
        "type(made) is socket.socket else 0"
    ),
}
KERNEL = {
    "opens by C": "n = libc.open(RECORDS.encode(), 0); loot = os.read(n, 99)",
    "opens by number": "loot = os.read(call('open', RECORDS.encode(), 0), 99)",
    "opens anew": "loot = os.read(call('openat2', -100, RECORDS.encode(), bytes(24), 24), 99)",
    "takes a handle": (
        "loot = MARK if call('name_to_handle_at', -100, RECORDS.encode(), "
        "(128).to_bytes(8, 'little') + bytes(128), bytes(8), 0) == 0 else 0"
    ),
    "looks by number": "loot = MARK if call('statx', -100, RECORDS.encode(), 0, 4095, bytes(256)) "
    "== 0 else 0",
    "raises its limits": (
        "libc.setrlimit(7, struct.pack('QQ', 999, 999)); libc.prlimit(0, 7, "
        "struct.pack('QQ', 999, 999), None)\n"
        "loot = os.read(libc.open(RECORDS.encode(), 0), 99)"
    ),
    "becomes root": (
        "libc.setuid(0); libc.seteuid(0); libc.setresuid(0, 0, 0)\nloot = "
        "os.read(libc.open(KEY.encode(), 0), 99)"
    ),
    "has root's rights": (
        "held = ctypes.create_string_buffer(24)\nlibc.capget(struct.pack('=Ii', "
        "0x20080522, 0), held)\n"
        "loot = MARK if any(held.raw[:4]) else 0"
    ),
    "undoes the filter": (
        "libc.prctl(22, 0, 0, 0, 0); libc.prctl(38, 0, 0, 0, 0)\nloot = "
        "os.read(libc.open(KEY.encode(), 0), 99)"
    ),
    "makes a namespace": "loot = MARK if libc.unshare(0x10000000) == 0 or libc.unshare(0x40000000) == "
    "0 else 0",
    "mounts": "loot = MARK if libc.mount(b'none', TOP.encode(), b'tmpfs', 0, None) == 0 "
    "else 0",
    "changes its root": "loot = MARK if libc.chroot(TOP.encode()) == 0 else 0",
    "makes descriptors": (
        "made = [call('memfd_create', b'x', 0), call('io_uring_setup', 4, "
        "bytes(120)), call('userfaultfd', 1),\n"
        "    call('bpf', 0, bytes(48), 48), call('perf_event_open', bytes(112), 0, "
        "-1, -1, 0),\n"
        "    call('inotify_init1', 0), call('eventfd2', 0, 0), call('epoll_create1', "
        "0),\n"
        "    call('timerfd_create', 0, 0), call('fsopen', b'tmpfs', 0), "
        "call('memfd_secret', 0),\n"
        "    call('mq_open', b'x', 66, 384, 0), call('pidfd_open', STARTER, 0)]\n"
        "loot = MARK if max(made) >= 0 else 0"
    ),
    "shares memory": (
        "loot = MARK if call('shmget', 0, 4096, 0o1600) >= 0 or call('msgget', 0, "
        "0o1600) >= 0 or call('semget', 0, 1, 0o1600) >= 0 else 0"
    ),
    "shares memory by name": (
        "from multiprocessing import shared_memory\nmade = "
        "shared_memory.SharedMemory(None, True, 9); made.unlink()\n"
        "loot = MARK if type(made) is shared_memory.SharedMemory else 0"
    ),
    "keeps a key": "loot = MARK if call('keyctl', 0, -4, 1) >= 0 else 0",
    "makes memory a program": (
        "libc.mmap.restype = ctypes.c_void_p\n"
        "at = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0))\n"
        "loot = MARK if at not in (None, 2**64 - 1) else 0"
    ),
    "makes its memory a program": (
        "libc.mmap.restype = ctypes.c_void_p\n"
        "at = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))\n"
        "loot = MARK if libc.mprotect(ctypes.c_void_p(at), ctypes.c_size_t(4096), 7) "
        "== 0 else 0"
    ),
    "reads the starter by ptrace": "loot = MARK if libc.ptrace(0x4206, STARTER, None, None) == 0 else 0",
    "reads another process": (
        "here = ctypes.create_string_buffer(8)\nvector = struct.pack('QQ', "
        "ctypes.addressof(here), 8)\n"
        "there = struct.pack('QQ', 4096, 8)\n"
        "libc.process_vm_readv(STARTER, vector, ctypes.c_ulong(1), there, "
        "ctypes.c_ulong(1), ctypes.c_ulong(0))\n"
        "loot = MARK if ctypes.get_errno() not in (1, 3, 38) else 0"
    ),
    "signals the starter": "loot = MARK if libc.kill(STARTER, 0) == 0 else 0",
    "signals all": "loot = MARK if libc.kill(-1, 0) == 0 else 0",
    "limits the starter": (
        "loot = MARK if libc.prlimit(STARTER, 4, None, "
        "ctypes.create_string_buffer(16)) == 0 else 0"
    ),
}
PROCESSES = {
    "forks": DAEMON.format(fork="posix.fork()"),
    "forks by C": DAEMON.format(fork="libc.fork()"),
    "forks by number": DAEMON.format(fork="call('fork')"),
    "forks without end": "for _ in range(60):\n    if posix.fork() == 0: time.sleep(300)",
    "runs a shell": "os.system('touch planted; sleep 300 &')",
    "runs a shell by C": "libc.system(f'touch {TOP}/planted; sleep 300 &'.encode())",
    "spawns": "posix.posix_spawn('/bin/sh', ['sh', '-c', 'sleep 300'], {})",
    "runs in a subprocess": "import subprocess; subprocess.Popen(['sleep', '300'])",
    "becomes a program": "posix.execv('/bin/sh', ['sh', '-c', f'touch {TOP}/planted; sleep 300'])",
    "becomes a program by C": "libc.execl(b'/bin/touch', b'touch', f'{TOP}/planted'.encode(), None)",
    "becomes a static program": "libc.execl(b'/sbin/ldconfig', b'ldconfig', b'-p', None)",
    "starts a thread": (
        "import _thread\n_thread.start_new_thread(lambda: posix.mkdir(TOP + "
        "'/planted'), ())\ntime.sleep(1)"
    ),
    "leaves its session": "posix.setsid(); posix.setpgid(0, 0)\nwhile True: time.sleep(9)",
}

TRICKS = {
    **INTROSPECTION,
    **PYTHON,
    **PATHS,
    **ANSWERS,
    **NETWORK,
    **KERNEL,
    **PROCESSES,
}
# What limits alone do not prevent.
CHANGES_AND_PROCESSES = {
    "writes", "changes a file", "renames", "reads the starter by ptrace", "reads another process",
    "signals the starter",
}  # fmt: skip
# What only seccomp prevents, where the other walls are left to hold alone.
SECCOMP_ALONE = {
    "changes rights of a file", "looks at a record", "looks by number", "takes a handle",
    "shares memory", "keeps a key",
    "makes memory a program", "makes its memory a program", "makes a namespace", "limits the starter",
    "starts a thread", "undoes the filter", "changes its root", "mounts", "signals all",
}  # fmt: skip
# What only a limit of memory prevents.
LIMITS_ALONE = {"maps all memory"}


def source(trick: str) -> str:
    """The definition that tries it. Only some need C, which the guard refuses at its
    import.
    """
    text = TRICKS[trick]
    native = (
        NATIVE
        if any(word in text for word in ("libc", "call(", "connected(", "ctypes"))
        else ""
    )
    return f"{HEAD}{native}{text}\n{FOOT}"
