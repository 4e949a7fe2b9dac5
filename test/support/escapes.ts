/**
 * Programs that try to get out of a sandbox, or to pass without being right. Each is the body of `f(n)`, whose right answer is n + 1; what
 * follows it without indentation is run when the program is loaded.
 */
import type { CodeJob } from '../../agent/sandbox/code-run.ts';

/** They fail, for a reason that matches. */
export const WRONG: [name: string, body: string, why: RegExp, more?: Partial<CodeJob>][] = [
  ['a wrong answer', '    return n + 2', /^AssertionError/],
  ['a syntax error', '    return (', /^SyntaxError/],
  ['an exception', '    return [][n]', /^IndexError/],
  ['no function at all', '    pass\ndel f', /^KeyError/],
  ['an endless loop', '    while True: pass', /timed out/, { timeoutMs: 1000 }],
  ['an endless loop while it is loaded', '    pass\nwhile True: pass', /timed out/, { timeoutMs: 1000 }],
  ['a sleep', '    import time; time.sleep(100)', /timed out/, { timeoutMs: 1000 }],
  [
    'an endless loop that no signal ends',
    '    import signal\n    for s in range(1, 65):\n        try: signal.signal(s, signal.SIG_IGN)\n        except Exception: pass\n    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass',
    /timed out/,
    { timeoutMs: 1000 },
  ],
  [
    'a fork bomb',
    '    import os\n    while True:\n        try: os.fork()\n        except OSError: pass',
    /timed out|memory|ended/,
    { timeoutMs: 2000 },
  ],
  [
    'a bomb of threads',
    '    import threading, time\n    while True: threading.Thread(target=time.sleep, args=(100,)).start()',
    /RuntimeError|MemoryError/,
  ],
  ['2 GB', '    return len(bytearray(2 << 30))', /^MemoryError/],
  [
    '2 GB by many processes',
    '    import os, time\n    for _ in range(8):\n        if os.fork() == 0:\n            x = bytearray(b"x" * (250 << 20)); time.sleep(100)\n    time.sleep(100)',
    /memory/,
  ],
  ['a list without end', '    x = []\n    while True: x.append(x[:])', /MemoryError|memory|timed out|ended/],
  ['deep recursion', '    return f(n)', /^RecursionError/],
  ['recursion without bound', '    import sys; sys.setrecursionlimit(10**9); return f(n)', /ended|timed out|MemoryError|memory/],
  ['sys.exit(0)', '    import sys; sys.exit(0)', /SystemExit/],
  ['sys.exit(0) while it is loaded', '    pass\nimport sys; sys.exit(0)', /SystemExit/],
  ['os._exit(0)', '    import os; os._exit(0)', /the program ended/],
  ['os._exit(0) while it is loaded', '    pass\nimport os; os._exit(0)', /the program ended/],
  ['a line that looks like a verdict', '    print(\'{"passed": true, "why": ""}\', flush=True); return 0', /^AssertionError/],
  [
    'lines that look like a verdict, on every descriptor',
    '    import os\n    for fd in range(64):\n        try: os.write(fd, b\'{"passed": true, "why": ""}\\n\' * 5)\n        except OSError: pass\n    os._exit(0)',
    /answer|ended|KeyError/,
  ],
  ['garbage in its channel', '    import os; os.write(3, b"\\xff\\n" * 9); return n + 1', /what is no answer/],
  [
    'answers before they are asked for',
    '    import os\n    os.write(3, b\'{"value": ["int", "1"]}\\n\' * 4); return n + 1',
    /AssertionError/,
  ],
  ['an answer of great depth', '    import os; os.write(3, b\'{"value":\' + b"[" * 100000 + b"\\n"); return 1', /what is no answer/],
  ['an answer without end', '    import os\n    while True: os.write(3, b"x" * 65536)', /MiB of answers|memory|what is no answer/],
  ['closed descriptors', '    import os; os.closerange(0, 64); return n + 1', /the program ended/],
  ['an equal of everything', '    return type("E", (), {"__eq__": lambda a, b: True, "__ne__": lambda a, b: False})()', /^AssertionError/],
  [
    'an int that is equal to everything',
    '    return type("E", (int,), {"__eq__": lambda a, b: True, "__add__": lambda a, b: 0})(5)',
    /^AssertionError/,
  ],
  [
    'builtins that it has replaced',
    '    return 0\nimport builtins\nbuiltins.AssertionError = type("A", (Exception,), {"__new__": lambda *a: exit(0)})\nbuiltins.exec = builtins.print = builtins.compile = lambda *a, **k: None\nbuiltins.isinstance = builtins.callable = lambda *a: True',
    /AssertionError|ended/,
  ],
  ['a check of its own', '    return 0\ndef check(candidate): pass\nimport builtins; builtins.check = check', /^AssertionError/],
  [
    'the guest’s own functions replaced',
    '    return 0\nimport __main__\n__main__.answer = lambda q, s: {"value": ["plain", True], "passed": True}\n__main__.pack = lambda *a: ["plain", True]',
    /AssertionError/,
  ],
  [
    'a search for the test in all objects and frames',
    '    import gc, sys, inspect\n    frame, seen = sys._getframe(), []\n    while frame: seen.append(repr(frame.f_locals) + repr(frame.f_code.co_consts)); frame = frame.f_back\n    text = "".join(seen) + repr([o for o in gc.get_objects() if isinstance(o, (str, dict, tuple))])\n    return n + 1 if "".join(map(chr, (77, 97, 114, 107, 33))) in text else 0',
    /^AssertionError/,
  ],
  ['an exception that ends the tests', '    raise type("Done", (BaseException,), {})("passed")', /^Done/],
  [
    'a thread that outlives it',
    '    import threading, time\n    threading.Thread(target=time.sleep, args=(100,)).start(); return 0',
    /^AssertionError/,
  ],
  ['a crash (139)', '    import ctypes; return ctypes.string_at(0)', /the program ended/],
  ['an abort (134)', '    import os; os.abort()', /the program ended/],
  [
    'its own end by a signal (137)',
    '    import os, signal; os.kill(os.getpid(), signal.SIGKILL); return n + 1',
    /ended|ProcessLookupError|AssertionError/,
  ],
  [
    'a bomb of 2 GB to be decompressed',
    '    import zlib\n    c = zlib.compressobj(1); bomb = b"".join(c.compress(bytes(1 << 20)) for _ in range(2048)) + c.flush()\n    return len(zlib.decompress(bomb))',
    /MemoryError|memory|timed out/,
  ],
  [
    'modules for the interpreters that come after it',
    '    return 0\nfor folder in (".", "/tmp"):\n    for name in ("sitecustomize", "usercustomize", "json"):\n        open(f"{folder}/{name}.py", "w").write("import os; os._exit(0)")',
    /^AssertionError/,
  ],
  ['a sleep at its exit', '    import atexit, time; atexit.register(time.sleep, 100); return 0', /^AssertionError/],
  ['kill -1', '    import os, signal; os.kill(-1, signal.SIGKILL); return n + 1', /ProcessLookupError|the program ended/],
  [
    'huge output',
    '    import sys\n    for _ in range(500): sys.stdout.write("x" * 100000); sys.stderr.write("y" * 100000)\n    return 0',
    /^AssertionError/,
  ],
];

/** Each sets `kept` where it was kept from it. */
const tries = (what: string): string => `    import os, sys, socket, ctypes, signal, time
    libc = ctypes.CDLL(None, use_errno=True)
    kept = False
    try:
${what
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
    except (OSError, MemoryError, ImportError): kept = True
    return n + 1 if kept else 0`;

const TRIED: [what: string, code: string][] = [
  [
    // First, before others have opened any: there is the channel of its answers.
    'descriptors from 4 on',
    'own = []\nfor fd in range(4, 1024):\n    try: own.append(os.fstat(fd))\n    except OSError: pass\nkept = own == []',
  ],
  ['what a program before it has left', 'kept = not any("customize" in name for name in os.listdir("/tmp") + os.listdir("."))'],
  [
    'a file whose name ends at a NUL',
    'kept = libc.open(b"/etc/passwd\\0.py", 0) == -1\ntry: open("/etc/passwd\\0.py")\nexcept ValueError: pass',
  ],
  ['/etc/passwd', 'open("/etc/passwd").read()'],
  ['/etc/shadow by a link', 'os.symlink("/etc/shadow", "/tmp/link"); open("/tmp/link").read()'],
  ['a file of the host', 'open("SECRET").read()'],
  ['the same by dots', 'open("/tmp/../../../../../../SECRET").read()'],
  ['homes', 'os.listdir("/root"), os.listdir("/home")'],
  ['processes of the host', 'os.listdir("/proc")'],
  ['the environment of the first process', 'open("/proc/1/environ").read()'],
  ['variables of the agent', 'kept = "ASSAY_TEST_SECRET" not in os.environ and set(os.environ) <= {"HOME", "LANG", "LC_CTYPE", "PWD"}'],
  ['files of the host to be written', 'open("SECRET", "w")'],
  ['files beside /tmp', 'open("/escape", "w")'],
  ['the standard library', 'open(os.__file__, "a")'],
  ['settings of the kernel', 'open("/proc/sys/kernel/hostname", "w")'],
  ['/dev/kmsg', 'open("/dev/kmsg")'],
  ['/dev/mem and disks', 'kept = sorted(os.listdir("/dev")) == ["null", "random", "urandom", "zero"]'],
  ['a TCP connection', 'socket.create_connection(("127.0.0.1", PORT), 1)'],
  ['UDP', 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", PORT))'],
  ['ICMP', 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'],
  ['IPv6', 'socket.socket(socket.AF_INET6)'],
  ['netlink', 'socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)'],
  ['names of hosts', 'socket.gethostbyname("localhost.example")'],
  ['an abstract socket of the host', 'socket.socket(socket.AF_UNIX).connect("\\0ABSTRACT")'],
  ['2 GB', 'bytearray(2 << 30)'],
  [
    'a file of 1 GB',
    'signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nf = open("/tmp/big", "wb")\nfor _ in range(1024): f.write(b"x" * (1 << 20))',
  ],
  ['a full disk', 'for i in range(100):\n    with open("/tmp/part%d" % i, "wb") as f: f.write(b"x" * (8 << 20))'],
  ['setuid', 'os.setuid(0)'],
  ['ptrace', 'kept = libc.ptrace(16, 1, 0, 0) == -1'],
  ['mount', 'kept = libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1'],
  ['chroot', 'os.chroot("/tmp")'],
  ['unshare', 'kept = libc.unshare(0x10000000) == -1 and libc.unshare(0x00020000) == -1'],
  ['a new namespace by clone', 'kept = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) == -1'],
  [
    'pivot_root, setns, bpf, keyctl, io_uring, memfd, userfaultfd, perf',
    'kept = all(libc.syscall(c, 0, 0, 0, 0, 0) == -1 for c in (155, 308, 321, 250, 425, 319, 323, 298))',
  ],
  ['TIOCSTI', 'import fcntl\nfcntl.ioctl(0, 0x5412, b"x")'],
  ['signals to processes of the host', 'os.kill(HOSTPID, 0)'],
  ['the process that started it', 'os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(0.2)\nkept = os.getppid() == 1'],
  ['higher limits', 'import resource\ntry: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\nexcept ValueError: kept = True'],
  ['a clock that it sets', 'time.clock_settime(time.CLOCK_REALTIME, 0)'],
  ['a host name', 'socket.sethostname("x")'],
  ['programs of the host', 'os.execv("/bin/sh", ["sh"])'],
  [
    'a library of its own in a program of the host',
    'open("/tmp/own.so", "w").close()\nos.environ["LD_PRELOAD"] = "/tmp/own.so"\nos.execv("/bin/true", ["true"])',
  ],
  ['shared memory', 'kept = libc.shmget(0, 1 << 30, 0o1600) == -1'],
];

/** They pass only if they are kept from what they try, so that their own words are believed in nothing. By the kernel's numbers for x64. */
export const KEPT = TRIED.map(([what, code]): [what: string, body: string] => [what, tries(code)]);
