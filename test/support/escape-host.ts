/** A sandbox, the host that programs in it try to reach, and what would show that they did. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodeJob, CodeVerdict } from '../../agent/sandbox/code-run.ts';
import type { Sandbox } from '../../agent/sandbox/sandbox.ts';
import { openSandbox } from './sandbox.ts';

const PROMPT = 'def f(n):\n    """The successor of n."""\n';
const TEST = 'def check(candidate):\n    for n in (0, 1, 41, 10**20):\n        assert candidate(n) == n + 1, "Mark!"\n';
/** No other test's, nor that of the same test beside it: it stands in the command lines of sandboxes. */
const MEMORY_BYTES = 2 ** 29 + 4096 * (3 + (process.pid % 10_000));
const UNTOUCHED = 'sk-secret';

export class EscapeHost {
  readonly sandbox: Sandbox;
  readonly #dir = mkdtempSync(join(tmpdir(), 'assay-host-'));
  readonly #secret = join(this.#dir, 'secret');
  readonly #writtenMs: number;
  readonly #servers: Server[];
  readonly #abstract = `assay-test-${process.pid}`;
  #connections = 0;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    writeFileSync(this.#secret, UNTOUCHED, { mode: 0o666 });
    this.#writtenMs = statSync(this.#secret).mtimeMs;
    process.env['ASSAY_TEST_SECRET'] = UNTOUCHED;
    this.#servers = [0, 1].map(() =>
      createServer((socket) => {
        this.#connections++;
        socket.destroy();
      }),
    );
  }

  /** undefined where there can be no sandbox: the tests skip. */
  static async open(): Promise<EscapeHost | undefined> {
    const sandbox = await openSandbox();
    if (!sandbox) return undefined;
    const host = new EscapeHost(sandbox);
    const [tcp, unix] = host.#servers as [Server, Server];
    await new Promise<void>((resolve) => void tcp.listen(0, '0.0.0.0', resolve));
    await new Promise<void>((resolve) => void unix.listen(`\0${host.#abstract}`, resolve));
    return host;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    for (const server of this.#servers) await new Promise((resolve) => void server.close(resolve));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** A body of `f(n)`, or what `more` says instead. */
  run(body: string, more: Partial<CodeJob> = {}, { signal } = new AbortController()): Promise<CodeVerdict> {
    const job = { program: PROMPT + body, prompt: PROMPT, test: TEST, entryPoint: 'f', ...more };
    return this.sandbox.run({ timeoutMs: 20_000, memoryBytes: MEMORY_BYTES, ...job, program: this.#placed(job.program) }, signal);
  }

  #placed(body: string): string {
    const { port } = this.#servers[0]!.address() as AddressInfo;
    const names = { SECRET: this.#secret, PORT: String(port), HOSTPID: String(process.pid), ABSTRACT: this.#abstract };
    return Object.entries(names).reduce((text, [name, value]) => text.replaceAll(name, value), body);
  }

  /** What has come out of a sandbox, and what is left of one: nothing, where it holds. */
  harm(): string[] {
    const isTouched = readFileSync(this.#secret, 'utf8') !== UNTOUCHED || statSync(this.#secret).mtimeMs !== this.#writtenMs;
    return [
      ...(isTouched ? ['a file of the host was written'] : []),
      ...(existsSync('/escape') ? ['a file beside /tmp was written'] : []),
      ...(this.#connections > 0 ? [`${this.#connections} connections came`] : []),
      ...left(),
    ];
  }
}

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
