/** Private Redis servers for tests: real ones, with the settings of production, in a folder of their own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freeNodePort, freePort } from './ports.ts';
import { waitFor } from './wait-for.ts';

export interface TestRedis {
  /** `unix:/path`, or `redis://127.0.0.1:port`. */
  readonly url: string;
  /** 0 on a unix socket. */
  readonly port: number;
  /** Holds the append-only file; kept over restarts, removed by `stop`. */
  readonly dir: string;
  pid(): number;
  /** Ends the server and removes its folder. May be repeated. */
  stop(): Promise<void>;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Copies its append-only file aside, as it is now; `restoreFile` puts it back while the server is down. */
  keepFile(name: string): Promise<void>;
  restoreFile(name: string): Promise<void>;
  /** Starts it again (stops it in order first, if it runs) on the same address and folder. */
  restart(): Promise<void>;
}

export interface TestRedisOptions {
  /** On a TCP port instead of a unix socket. */
  tcp?: boolean;
  /** Default everysec, as in production. */
  appendfsync?: 'everysec' | 'always' | 'no';
  /** A command that runs the rest of its arguments in its own place. */
  prefix?: readonly string[];
  /** More arguments for the server, such as `['--maxmemory', '64mb']`. */
  args?: string[];
}

const ROOT = join(import.meta.dirname, '../..');
const START_MS = 30_000;

/** The server binary: from PATH, or the one that set-up has unpacked. */
export function redisBinary(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(ROOT, '.tools/bin')].filter((folder) => folder);
  for (const name of ['valkey-server', 'redis-server']) {
    for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name);
  }
  throw new Error('no redis-server or valkey-server is on PATH or in .tools/bin; run `npm run setup`');
}

/** Whether a server answers PING at a socket. */
function answers(place: { path: string } | { port: number; host: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const done = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('error', () => done(false));
    socket.setTimeout(2_000, () => done(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    // While it loads its file it answers -LOADING.
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
  });
}

export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const binary = redisBinary();
  // Unix socket paths are limited to about 100 characters: nothing of the test's name in it.
  const dir = await mkdtemp(join(tmpdir(), 'assay-redis-'));
  const socketPath = join(dir, 'redis.sock');
  const isNode = options.args?.includes('--cluster-enabled') === true;
  const port = options.tcp ? await (isNode ? freeNodePort() : freePort()) : 0;
  const place = options.tcp ? { port, host: '127.0.0.1' } : { path: socketPath };
  let child: ChildProcess | undefined;
  let output = '';

  const isRunning = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;

  async function launch(): Promise<void> {
    output = '';
    const [command, ...first] = [...(options.prefix ?? []), binary];
    const started = spawn(
      command,
      [
        ...first,
        ...['--dir', dir, '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--daemonize', 'no'],
        ...['--appendonly', 'yes', '--appendfsync', options.appendfsync ?? 'everysec', '--maxmemory-policy', 'noeviction'],
        ...(options.tcp ? [] : ['--unixsocket', socketPath, '--unixsocketperm', '700']),
        ...(options.args ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000));
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    started.on('error', (error) => keep(Buffer.from(error.message)));
    child = started;
    await waitFor(() => !isRunning() || answers(place), { what: 'the private Redis to answer', timeoutMs: START_MS, state: () => output });
    if (!isRunning()) throw new Error(`the private Redis did not start:\n${output}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!isRunning()) return;
    const gone = new Promise<void>((resolve) => void child!.once('exit', () => resolve()));
    child!.kill(signal);
    // A server that writes its last words for longer than this does not get to finish them.
    const hard = setTimeout(() => child!.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(hard);
  }

  try {
    await launch();
  } catch (error) {
    await end('SIGKILL');
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return {
    url: options.tcp ? `redis://127.0.0.1:${port}` : `unix:${socketPath}`,
    port,
    dir,
    pid: () => child!.pid!,
    stop: async () => {
      await end('SIGTERM');
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
    kill9: () => end('SIGKILL'),
    keepFile: (name) => cp(join(dir, 'appendonlydir'), join(dir, name), { recursive: true }),
    restoreFile: async (name) => {
      await rm(join(dir, 'appendonlydir'), { recursive: true, force: true });
      await cp(join(dir, name), join(dir, 'appendonlydir'), { recursive: true });
    },
    restart: async () => {
      await end('SIGTERM');
      await launch();
    },
  };
}

/** The version of the installed server, such as `7.0.15`. */
export const redisVersion = (): string => / v=([\d.]+)/.exec(execFileSync(redisBinary(), ['--version'], { encoding: 'utf8' }))?.[1] ?? '';
