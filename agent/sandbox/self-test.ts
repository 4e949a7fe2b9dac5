/**
 * Proves at the agent's start that the sandbox works and holds: one right program, whose functions all try to get out and say whether they
 * were kept from it, and programs that are wrong. Four runs, so that an agent is soon there.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { CodeJob, CodeVerdict } from './code-run.ts';

type Run = (job: CodeJob, signal: AbortSignal) => Promise<CodeVerdict>;

interface Probe {
  /** What it shows, in words that follow `the sandbox `. */
  fault: string;
  program: string;
}

const REMEDY: Record<string, string> = {
  namespaces:
    'user namespaces must be open to this user (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0; in a container, a seccomp profile that allows them)',
};

const refused = (what: string, error = 'OSError'): string => `
def probe():
    import os, socket
    try:
        ${what}
    except ${error}:
        return True
    return False
`;

/** `probe()` is True where it was kept from what it tries. The last one leaves processes behind, so it stays the last. */
const KEPT: readonly Probe[] = [
  { fault: 'shows files of the host', program: refused('open("/etc/passwd")') },
  { fault: 'shows processes of the host', program: refused('os.listdir("/proc")') },
  { fault: 'lets programs write outside of /tmp', program: refused('open("/probe", "w")') },
  { fault: 'reaches the network', program: refused('socket.socket(socket.AF_INET)') },
  { fault: 'gives 2 GB to a program', program: refused('bytearray(2 << 30)', 'MemoryError') },
  {
    fault: 'passes variables of the agent on',
    program: `
def probe():
    import os
    return set(os.environ) <= {"HOME", "LANG", "LC_CTYPE", "PWD"} and os.getuid() == 65534
`,
  },
  {
    fault: 'lets programs make namespaces',
    program: refused('os.unshare(0x10000000) if hasattr(os, "unshare") else os.chroot("/tmp")'),
  },
  {
    fault: 'lets programs start processes without bound',
    program: `
def probe():
    import os, time
    try:
        for _ in range(200):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
    except OSError:
        return True
    return False
`,
  },
];

const WRONG: readonly (Probe & { timeoutMs?: number })[] = [
  { fault: 'lets a wrong program pass', program: 'def probe(): return False' },
  { fault: 'lets an endless program pass', program: 'def probe():\n    while True: pass', timeoutMs: 500 },
  { fault: 'lets a program pass that ends early', program: 'import os\ndef probe(): os._exit(0)' },
];

const nameOf = (place: number): string => `probe_${place}`;
const ALL_PROBES = KEPT.map(({ program }, i) => program.replace('def probe()', `def ${nameOf(i)}()`)).join('');
/** Says the places of those that were not kept. */
const ALL_KEPT = `
def check(candidate):
    escaped = []
    for place, probe in enumerate((${KEPT.map((_, i) => nameOf(i)).join(', ')})):
        try:
            kept = probe() is True
        except Exception:
            kept = False
        if not kept:
            escaped.append(place)
    assert not escaped, escaped
`;
const TEST = 'def check(candidate):\n    assert candidate() is True\n';

const TIMEOUT_MS = 30_000;
const MEMORY_BYTES = 512 * 2 ** 20;

/** Throws AppError `failed_precondition`: one sentence, with a remedy where it does not start at all. */
export async function selfTest(run: Run): Promise<void> {
  const { signal } = new AbortController();
  const limits = { timeoutMs: TIMEOUT_MS, memoryBytes: MEMORY_BYTES };
  const all = await run({ ...limits, program: ALL_PROBES, prompt: '', test: ALL_KEPT, entryPoint: nameOf(0) }, signal).catch(
    (error: unknown) => {
      const { message } = AppError.from(error);
      throw failure(/namespace|permission|not permitted|uid map/i.test(message) ? `${message}; ${REMEDY['namespaces']}` : message);
    },
  );
  const [, escaped] = /^AssertionError: \[([\d, ]+)\]/.exec(all.why) ?? [];
  if (!all.passed && escaped === undefined) throw failure(`the sandbox does not let a right program pass (${all.why})`);
  const wrong = await Promise.all(
    WRONG.map(({ program, timeoutMs = TIMEOUT_MS }) =>
      run({ ...limits, timeoutMs, program, prompt: '', test: TEST, entryPoint: 'probe' }, signal),
    ),
  );
  const faults = [...(escaped?.split(', ').map((place) => KEPT[Number(place)]!) ?? []), ...WRONG.filter((_, i) => wrong[i]!.passed)];
  if (faults.length > 0) throw failure(`the sandbox ${faults.map(({ fault }) => fault).join(', and it ')}; nothing is run in it`);
}

const failure = (words: string): AppError => new AppError('failed_precondition', words);
