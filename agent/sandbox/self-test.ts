/** Proves at the agent's start that the sandbox works and holds: programs that must pass, and programs that must not. */
import { AppError } from '../../shared/domain/errors.ts';
import type { CodeJob, CodeVerdict } from './code-run.ts';

type Run = (job: CodeJob, signal: AbortSignal) => Promise<CodeVerdict>;

interface Probe {
  /** What it shows, in words that follow `the sandbox `. */
  fault: string;
  program: string;
  passes: boolean;
  timeoutMs?: number;
}

/** `probe()` must be True; of one that tries something, when it was kept from it. */
const TEST = 'def check(candidate):\n    assert candidate() is True\n';
const REMEDY: Record<string, string> = {
  namespaces:
    'user namespaces must be open to this user (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0; in a container, a seccomp profile that allows them)',
};

const refused = (what: string, error = 'OSError'): string => `
def probe():
    import os, socket, sys
    try:
        ${what}
    except ${error}:
        return True
    return False
`;

const PROBES: readonly Probe[] = [
  { fault: 'lets a wrong program pass', program: 'def probe(): return False', passes: false },
  { fault: 'lets an endless program pass', program: 'def probe():\n    while True: pass', passes: false, timeoutMs: 500 },
  { fault: 'lets a program pass that ends early', program: 'import os\ndef probe(): os._exit(0)', passes: false },
  { fault: 'shows files of the host', program: refused('open("/etc/passwd")'), passes: true },
  { fault: 'shows processes of the host', program: refused('os.listdir("/proc")'), passes: true },
  { fault: 'lets programs write outside of /tmp', program: refused('open("/probe", "w")'), passes: true },
  { fault: 'reaches the network', program: refused('socket.socket(socket.AF_INET)'), passes: true },
  {
    fault: 'lets programs make namespaces',
    program: refused('os.unshare(0x10000000) if hasattr(os, "unshare") else os.chroot("/tmp")'),
    passes: true,
  },
  { fault: 'gives 2 GB to a program', program: refused('bytearray(2 << 30)', 'MemoryError'), passes: true },
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
    passes: true,
  },
  {
    fault: 'passes variables of the agent on',
    program: 'def probe():\n    import os\n    return set(os.environ) <= {"HOME", "LANG", "LC_CTYPE", "PWD"} and os.getuid() == 65534',
    passes: true,
  },
];

const TIMEOUT_MS = 10_000;
const MEMORY_BYTES = 512 * 2 ** 20;

/** Throws AppError `failed_precondition`: one sentence, with a remedy where it does not start at all. */
export async function selfTest(run: Run): Promise<void> {
  const { signal } = new AbortController();
  const verdictOf = (program: string, timeoutMs = TIMEOUT_MS): Promise<CodeVerdict> =>
    run({ program, prompt: '', test: TEST, entryPoint: 'probe', timeoutMs, memoryBytes: MEMORY_BYTES }, signal);
  const good = await verdictOf('def probe(): return True').catch((error: unknown) => {
    const { message } = AppError.from(error);
    throw failure(/namespace|permission|not permitted|uid map/i.test(message) ? `${message}; ${REMEDY['namespaces']}` : message);
  });
  if (!good.passed) throw failure(`the sandbox does not let a right program pass (${good.why})`);
  const verdicts = await Promise.all(PROBES.map(({ program, timeoutMs }) => verdictOf(program, timeoutMs)));
  const faults = PROBES.filter(({ passes }, i) => verdicts[i]!.passed !== passes).map(({ fault }) => fault);
  if (faults.length > 0) throw failure(`the sandbox ${faults.join(', and it ')}; nothing is run in it`);
}

const failure = (words: string): AppError => new AppError('failed_precondition', words);
