/**
 * Programs that try to get out of the sandbox, or to pass without being right: each fails, the host is as before, and nothing is
 * left running. A program of the second kind passes only if it was kept from what it tries, so that its own words are believed in nothing.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeJob, CodeVerdict } from '../../agent/sandbox/code-run.ts';
import { openSandbox } from '../support/sandbox.ts';

const sandbox = await openSandbox();
const dir = mkdtempSync(join(tmpdir(), 'assay-host-'));
const secret = join(dir, 'secret');
let server: Server;
let connections = 0;
beforeAll(async () => {
  writeFileSync(secret, 'sk-secret', { mode: 0o666 });
  process.env['ASSAY_TEST_SECRET'] = 'sk-secret';
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve));
});
afterAll(async () => {
  await sandbox?.close();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

const PROMPT = 'def f(n):\n    """The successor of n."""\n';
const TEST = 'def check(candidate):\n    for n in (0, 1, 41, 10**20):\n        assert candidate(n) == n + 1, "Mark!"\n';
const signal = new AbortController().signal;

const run = (body: string, more: Partial<CodeJob> = {}): Promise<CodeVerdict> =>
  sandbox!.run(
    { program: PROMPT + body, prompt: PROMPT, test: TEST, entryPoint: 'f', timeoutMs: 20_000, memoryBytes: MEMORY_BYTES, ...more },
    signal,
  );

/** No other test's: it stands in the command lines of sandboxes. */
const MEMORY_BYTES = 2 ** 29 + 12_288;

/** Processes of these sandboxes that do something. */
function left(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        if (/^State:\s+[ZX]/m.test(status)) return [];
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(`{"AS":${MEMORY_BYTES},`) ? [`${pid} ${line.slice(0, 80)}`] : [];
      } catch {
        return [];
      }
    });
}

/** Fails, for a reason that matches. */
const WRONG: [string, string, RegExp, Partial<CodeJob>?][] = [
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

const KEPT: [string, string][] = [
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
  ['an abstract socket of the host', 'socket.socket(socket.AF_UNIX).connect("\\0assay-test")'],
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
  ['shared memory', 'kept = libc.shmget(0, 1 << 30, 0o1600) == -1'],
];

describe.skipIf(!sandbox)('what a program tries', () => {
  test('the reference solution passes', async () => {
    expect(await run('    return n + 1')).toEqual({ passed: true, why: '' });
  });

  test.each(WRONG)('%s fails', async (_, body, why, more) => {
    const verdict = await run(body, more);
    expect(verdict.passed).toBe(false);
    expect(verdict.why).toMatch(why);
    expect(left()).toEqual([]);
  });

  test.skipIf(process.arch !== 'x64').each(KEPT)('it is kept from %s', async (_, body) => {
    const { port } = server.address() as AddressInfo;
    const before = statSync(secret);
    const program = tries(body).replaceAll('SECRET', secret).replaceAll('PORT', String(port)).replaceAll('HOSTPID', String(process.pid));
    expect(await run(program)).toEqual({ passed: true, why: '' });
    expect(readFileSync(secret, 'utf8')).toBe('sk-secret');
    expect(statSync(secret).mtimeMs).toBe(before.mtimeMs);
    expect(existsSync('/escape')).toBe(false);
    expect(connections).toBe(0);
    expect(left()).toEqual([]);
  });

  test('a daemon ends with its run', async () => {
    const daemon =
      '    import os, time\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            os.closerange(0, 64)\n            while True: time.sleep(1)\n        os._exit(0)\n    return n + 1';
    expect(await run(daemon)).toEqual({ passed: true, why: '' });
    expect(left()).toEqual([]);
  });
});

describe.skipIf(!sandbox)('what crosses between program and tests', () => {
  const passes = (program: string, test: string): Promise<CodeVerdict> => run('', { program, prompt: '', test, entryPoint: 'f' });
  test.each([
    [
      'plain values',
      'def f(x): return x',
      'VALUES = [None, True, 0, -1, 10**400, -0.0, 1e308, 1.5, 2j, "", "\\ud800é\\0", b"\\xff", [], (), {}, set(), frozenset({1}), [(1, [2, {3: {4}}])], {"a": {(1, 2): None}}, range(3), ...]\ndef check(c):\n    for v in VALUES:\n        r = c(v)\n        assert r == v and type(r) is type(v) and repr(r) == repr(v), v\n    assert str(c(float("nan"))) == "nan" and c(float("inf")) == float("inf")',
    ],
    ['keyword arguments', 'def f(a, *, b=1): return a - b', 'def check(c): assert c(5) == 4 and c(5, b=2) == 3 and c(a=1, b=1) == 0'],
    ['iterators and views', 'def f(x):\n    yield from x', 'def check(c): assert list(c([1, 2])) == [1, 2] and sum(c(range(4))) == 6'],
    [
      'subclasses as what they hold',
      'import collections\ndef f(x): return collections.Counter(x)',
      'def check(c): assert c("aab") == {"a": 2, "b": 1}',
    ],
    [
      'what is done to an argument',
      'def f(x):\n    x.append(1); x[0] = 9',
      'def check(c):\n    x = [0]\n    assert c(x) is None and x == [9, 1]',
    ],
    [
      'exceptions by their type',
      'def f(x):\n    class Own(KeyError): pass\n    raise Own(x)',
      'def check(c):\n    try: c(1)\n    except KeyError: return\n    assert False',
    ],
    ['the name of the function', 'def f(x): return x', 'def check(c): assert c(1) == f(1) == 1'],
    ['other functions of the program', 'def f(x): return x\ndef g(x): return x + 1', 'def check(c): assert g(c(1)) == 2'],
  ])('%s', async (_, program, text) => {
    expect(await passes(program, text)).toEqual({ passed: true, why: '' });
  });

  test('statements without an entry point', async () => {
    const job = { program: 'def g(x): return x', prompt: '', test: 'assert g(2) == 2\nassert g([1]) == [1]', entryPoint: undefined };
    expect(await run('', job)).toEqual({ passed: true, why: '' });
    expect((await run('', { ...job, program: 'def g(x): return 2' })).why).toMatch(/^AssertionError/);
  });

  test('a broken test is an error, not a wrong answer', async () => {
    await expect(run('    return n + 1', { test: 'def check(:' })).rejects.toThrow('the sample’s test is no Python: SyntaxError');
    await expect(run('    return n + 1', { test: 'x = 1' })).rejects.toThrow('defines no function `check`');
  });

  test('a test that forgives everything does not forgive the program’s end', async () => {
    const text = 'def check(c):\n    try: assert c(1) == 2\n    except: pass';
    expect(await run('    import os; os._exit(0)', { test: text })).toEqual({
      passed: false,
      why: 'the program ended before the tests did',
    });
  });

  test('an aborted run is no verdict, and leaves nothing', async () => {
    const abort = new AbortController();
    const running = sandbox!.run(
      { program: 'while True: pass', prompt: '', test: TEST, entryPoint: 'f', timeoutMs: 60_000, memoryBytes: MEMORY_BYTES },
      abort.signal,
    );
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(left()).toEqual([]);
  });
});
