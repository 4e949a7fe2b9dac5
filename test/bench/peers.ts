/** The peers to measure against in the same run: Celery on Redis, and raw BullMQ. Absent ones are said to be skipped. */
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../support/redis.ts';
import { SHARED } from '../support/fleet.ts';

const LIMIT_MS = 300_000;

export interface PeerFigures {
  /** Tasks a second from the first submit to the last stored result, while submitting and working overlap. */
  submitToResult: number;
  /** Tasks a second of a full queue being worked off. */
  drain?: number;
}

/** Runs a peer's script over a fresh Redis with the same settings as ours; returns what it printed. */
async function run(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const redis = await startRedis({ tcp: true });
  const dir = await mkdtemp(join(tmpdir(), 'assay-peers-'));
  try {
    await cp(join(SHARED, 'tools/peers'), dir, { recursive: true });
    await symlink(join(import.meta.dirname, '../../node_modules'), join(dir, 'node_modules')).catch(() => undefined);
    return await new Promise<string>((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: dir,
        env: { ...process.env, RPORT: String(redis.port), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (d: Buffer) => (output += d.toString()));
      child.stderr.on('data', (d: Buffer) => (output += d.toString()));
      const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
      child.on('error', reject);
      child.on('exit', (code) => {
        clearTimeout(limit);
        if (code === 0) resolve(output);
        else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-2_000)}`));
      });
    });
  } finally {
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

const PYTHON = '/usr/bin/python3';

/** Why a peer cannot be measured here, '' when it can. */
export function celeryMissing(): string {
  if (!existsSync(join(SHARED, 'tools/peers/03-celery.py'))) return 'the scripts of the peers are not there';
  try {
    execFileSync(PYTHON, ['-c', 'import celery, redis'], { stdio: 'ignore' });
    return '';
  } catch {
    return 'Celery is not installed (Debian: apt-get install celery python3-redis)';
  }
}

export const bullmqMissing = (): string =>
  existsSync(join(SHARED, 'tools/peers/02-bullmq.mjs')) ? '' : 'the scripts of the peers are not there';

/** Celery, prefork with two workers, prefetch 1, early acknowledgement: its fastest safe setting in these scripts. */
export async function celery(tasks: number): Promise<PeerFigures> {
  const output = await run(PYTHON, ['03-celery.py', 'tput'], { N: String(tasks), REPS: '1', CASES: 'p1' });
  const figures = JSON.parse(/\{.*\}/.exec(output)![0]) as { perS: number; e2eS: number };
  return { submitToResult: figures.e2eS, drain: figures.perS };
}

/** Raw BullMQ: add and process in one process, nothing durable but Redis, no results kept. */
export async function bullmq(tasks: number): Promise<PeerFigures> {
  const output = await run(process.execPath, ['02-bullmq.mjs', 'e2e'], { N: String(tasks), REPS: '1' });
  const rates = [...output.matchAll(/"perS":(\d+)/g)].map((m) => Number(m[1]));
  return { submitToResult: Math.max(...rates) };
}
