/** deploy/Dockerfile and deploy/compose.yaml, followed step by step without an engine. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../../shared/domain/version.ts';
import { copyContext, followDockerfile, parseDockerfile, pathIn, type Instruction, type Stage } from '../support/dockerfile.ts';
import { ROOT, runTo, type Ended } from '../support/package.ts';
import { freePorts } from '../support/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

interface Service {
  image: string;
  command: string[];
  volumes: string[];
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
  read_only?: boolean;
}

const DEPLOY = join(ROOT, 'deploy');
const children: ChildProcess[] = [];
let dir: string;
let instructions: Instruction[];
let image: Stage;
let redis: TestRedis;
let compose: { services: Record<'redis' | 'coordinator' | 'agent', Service>; volumes: object };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-image-'));
  redis = await startRedis({ tcp: true });
  instructions = parseDockerfile(await readFile(join(DEPLOY, 'Dockerfile'), 'utf8'));
  compose = parse(await readFile(join(DEPLOY, 'compose.yaml'), 'utf8')) as typeof compose;
  const context = join(dir, 'context');
  await copyContext(join(DEPLOY, 'Dockerfile.dockerignore'), ROOT, context);
  image = await followDockerfile(instructions, context, dir);
}, 300_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await redis.stop();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

const environment = (more: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, image.here(value)])),
  PATH: pathIn(image),
  ...more,
});
/** As `docker run IMAGE …`, to its end. */
const runIn = (args: readonly string[], more: Record<string, string> = {}): Promise<Ended> =>
  runTo(image.here(image.entrypoint[0]!), [...image.entrypoint.slice(1), ...args], {
    cwd: join(image.root, image.workdir),
    env: environment(more),
  });

describe('the image', () => {
  test('has the package, the locked dependencies, and nothing for development', async () => {
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> };
    for (const name of ['bullmq', '@grpc/grpc-js', 'zod']) {
      const { version } = JSON.parse(await readFile(join(image.root, 'app/node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      };
      expect({ name, version }).toEqual({ name, version: lock.packages[`node_modules/${name}`]!.version });
    }
    expect(await readdir(join(image.root, 'app/node_modules'))).not.toContain('typescript');
    expect(await readdir(join(image.root, 'app'))).not.toEqual(expect.arrayContaining(['test']));
    await expect(stat(join(image.root, 'app/scripts'))).rejects.toThrow('ENOENT');
  });

  test('runs as its own user, who owns what is mounted', async () => {
    expect(image.user).toBe('node');
    expect(await image.owners()).toBe('node:node /var/lib/assay /run/assay\n');
    expect(instructions.filter(({ word }) => word === 'FROM').map(({ rest }) => rest.split(' ')[0])).toEqual(
      Array.from({ length: 3 }, () => '${NODE_IMAGE}'),
    );
    const base = instructions.find(({ word }) => word === 'ARG')!.rest;
    expect(base).toMatch(/^NODE_IMAGE=node:24-\w+-slim$/);
  });

  test('its entry point is the command', async () => {
    expect(await runIn(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const { code, stdout } = await runIn(image.command);
    expect({ code, usage: stdout.split('\n')[0] }).toEqual({ code: 0, usage: 'Usage: assay [options] [command]' });
  });
});

describe('the services of compose.yaml', () => {
  test('use what is there', () => {
    for (const { volumes } of Object.values(compose.services))
      for (const volume of volumes.filter((v) => !v.startsWith('.'))) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    for (const name of ['coordinator', 'agent'] as const)
      expect(compose.services[name]).toMatchObject({ image: 'assay', read_only: true, cap_drop: ['ALL'] });
    expect(compose.services.agent.depends_on).toEqual({ coordinator: { condition: 'service_healthy' } });
    expect(compose.services.agent.stop_grace_period).toBe('11m');
  });

  test('start, are healthy, run the evaluation that is named in it, and stop', async () => {
    const ports = await freePorts(2);
    const settings = (await readFile(join(DEPLOY, 'agent.yaml'), 'utf8'))
      .replace('9464', String(ports[1]))
      .replaceAll('unix:/', `unix:${image.root}/`);
    await mkdir(join(image.root, 'etc/assay'), { recursive: true });
    await writeFile(join(image.root, 'etc/assay/agent.yaml'), settings);

    const start = (name: 'coordinator' | 'agent'): ChildProcess => {
      const args = compose.services[name].command.map((arg) => image.here(arg.replace('redis://redis:6379', redis.url)));
      // Each has a home of its own, as the volumes say; the socket is the one thing they share.
      const env = environment({ ASSAY_HTTP: `127.0.0.1:${ports[0]}`, ASSAY_HOME: join(image.root, 'var/lib/assay', name) });
      const child = spawn(image.entrypoint[0]!, args, { cwd: join(image.root, image.workdir), env, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    };
    const isHealthy = async (port: number | undefined): Promise<boolean> => {
      const [program, ...args] = image.healthcheck.map((word) => word.replace('9464', String(port)));
      return (await runTo(program!, args, { cwd: dir, env: environment({}) })).code === 0;
    };

    expect(await isHealthy(ports[0])).toBe(false);
    const coordinator = start('coordinator');
    await waitFor(() => isHealthy(ports[0]), { what: 'a healthy coordinator', timeoutMs: 30_000 });
    const agent = start('agent');
    await waitFor(() => isHealthy(ports[1]), { what: 'a healthy agent', timeoutMs: 30_000 });

    const [, typed] = /exec agent assay (run .*)/.exec(await readFile(join(DEPLOY, 'compose.yaml'), 'utf8'))!;
    const { code, stdout, stderr } = await runIn(
      typed!.split(' ').map((word) => image.here(word)),
      { NO_COLOR: '1' },
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('400 units = 400 scored');

    for (const child of [agent, coordinator]) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
    expect(await isHealthy(ports[0])).toBe(false);
  });
});
