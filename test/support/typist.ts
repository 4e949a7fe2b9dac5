/** A folder for each page of the documents in which its commands can be typed as they stand, and a fleet for those that want one. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isShell, type Page } from './documents.ts';
import { Fleet } from './fleet.ts';
import { freePort } from './ports.ts';
import { programOf } from './programs.ts';

const ROOT = join(import.meta.dirname, '../..');
export const BLOCK_LIMIT_MS = 100_000;

export const runnable = (page: Page) => page.blocks.filter((block) => isShell(block) && block.reason === undefined);
export const folderNameOf = (page: Page): string => page.name.replaceAll(/\W/g, '-');

export class Typist {
  readonly #folder: string;
  readonly #fleet: Fleet;
  /** Of the coordinator: for gRPC, and for HTTP. */
  readonly #at: { address: string; http: string };

  private constructor(folder: string, fleet: Fleet, at: { address: string; http: string }) {
    this.#folder = folder;
    this.#fleet = fleet;
    this.#at = at;
  }

  /** With a fleet. */
  static async start(): Promise<Typist> {
    const fleet = await Fleet.start();
    const http = `127.0.0.1:${await freePort()}`;
    const { address } = await fleet.coordinator({ args: ['--lease-ms', '3000', '--heartbeat-ms', '500', '--http', http] });
    const models = [{ match: 'mock/*', provider: 'mock', max_connections: 8 }];
    await Promise.all(['one', 'two'].map((name) => fleet.agent(name, [address], { models })));
    return new Typist(await mkdtemp(join(tmpdir(), 'assay-docs-')), fleet, { address, http });
  }

  path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  /**
   * A folder in which the project seems to lie, so that what is typed there leaves nothing behind; with the files that the page shows. Where the
   * page wants a fleet, its last evaluation is one with errored samples, whatever pages before have typed.
   */
  async folderOf(name: string, page?: Page): Promise<void> {
    const own = join(this.#folder, name);
    await mkdir(join(own, 'bin'), { recursive: true });
    // As `bin/assay` after its set-up, which the tests run with.
    const start = `#!/bin/sh\nexec '${process.execPath}' '${programOf('cli')}' "$@"\n`;
    await writeFile(join(own, 'bin/assay'), start);
    await chmod(join(own, 'bin/assay'), 0o755);
    await symlink(join(ROOT, 'examples'), join(own, 'examples'));
    // Operators stand beside a store, or in one.
    await mkdir(join(own, 'store'));
    await mkdir(join(own, 'evaluations', 'ev_one'), { recursive: true });
    await writeFile(join(own, 'evaluations', 'ev_one', 'accepted'), '');
    for (const { file, text } of page?.blocks ?? []) if (file !== undefined) await writeFile(join(own, file), text);
    if (!page?.blocks.some(({ onFleet }) => onFleet)) return;
    const spec = join(ROOT, 'examples/arithmetic.yaml');
    const mock = 'models[0].generate_config.extra_body.mock={error_rate: {request: 0.5}}';
    await this.type(name, `assay run '${spec}' --quiet --set '${mock}' || true`, true);
  }

  async type(name: string, text: string, onFleet: boolean): Promise<{ code: unknown; output: string }> {
    const own = join(this.#folder, name);
    const env = {
      ...process.env,
      ASSAY_HOME: join(own, 'home'),
      PATH: `${join(own, 'bin')}:${join(ROOT, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
      ...(onFleet ? { ASSAY_ADDRESS: this.#at.address, ASSAY_HTTP_URL: `http://${this.#at.http}` } : {}),
    };
    return new Promise((resolve) => {
      execFile('sh', ['-euc', text], { cwd: own, env, timeout: BLOCK_LIMIT_MS }, (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? error.signal) : 0, output: `${stdout}${stderr}` }),
      );
    });
  }

  async stop(): Promise<void> {
    await this.#fleet.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
