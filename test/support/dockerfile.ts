/**
 * A Dockerfile without an engine: its steps are done in folders of this host, one for each stage, with the paths of the image
 * below that folder. What needs the base image's system (users, package managers) is beyond it.
 */
import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { npmCli, ROOT, runTo } from './package.ts';

export interface Instruction {
  word: string;
  /** `--from=build`, `--interval=10s`: those in front. */
  flags: Record<string, string>;
  rest: string;
}

/** The instructions in their order; lines that go on are one. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word, options, rest] = /^([A-Z]+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? [];
      if (!word) throw new Error(`no instruction: ${line}`);
      const flags = Object.fromEntries([...options!.matchAll(/--([\w-]+)=(\S+)/g)].map((match) => [match[1]!, match[2]!]));
      return { word, flags, rest: rest!.trim() };
    });
}

export interface Stage {
  /** The folder that stands for `/`. */
  root: string;
  from: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  entrypoint: string[];
  command: string[];
  healthcheck: string[];
  /** Every `chown`, which a test cannot do. */
  owners(): Promise<string>;
  /** A text with the image's paths as those of this host. */
  here(text: string): string;
}

/** Folders that an image of ours has; other absolute paths mean this host's (`/usr/bin/env`). */
const IMAGE_PATHS = /(?<=^|[\s:=])\/(?=(?:build|package|app|usr\/local|var\/lib|run|etc\/assay)(?:\/|\s|$))/g;

/** Does the steps up to the last stage, which it returns. `context`: the folder that is built from. */
export async function followDockerfile(instructions: readonly Instruction[], context: string, dir: string): Promise<Stage> {
  const named = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const { word, flags, rest } of instructions) {
    if (word === 'ARG') continue;
    if (word === 'FROM') {
      const [from, , name] = rest.split(/\s+/);
      stage = await newStage(join(dir, String(named.size)), from!);
      named.set(name ?? '', stage);
      continue;
    }
    if (!stage) throw new Error(`${word} before FROM`);
    switch (word) {
      case 'WORKDIR':
        stage.workdir = rest;
        await mkdir(join(stage.root, rest), { recursive: true });
        break;
      case 'COPY':
        await copy(stage, flags['from'] ? named.get(flags['from'])!.root : context, rest.split(/\s+/));
        break;
      case 'RUN':
        await run(stage, rest);
        break;
      case 'ENV':
        for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[name!] = value!;
        break;
      case 'USER':
        stage.user = rest;
        break;
      case 'ENTRYPOINT':
        stage.entrypoint = JSON.parse(rest) as string[];
        break;
      case 'CMD':
        stage.command = JSON.parse(rest) as string[];
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = JSON.parse(rest.replace(/^CMD\s+/, '')) as string[];
        break;
      case 'EXPOSE':
        break;
      default:
        throw new Error(`${word} is not known here; teach it to test/support/dockerfile.ts`);
    }
  }
  if (!stage) throw new Error('there is no stage');
  return stage;
}

async function newStage(root: string, from: string): Promise<Stage> {
  const tools = join(root, 'test-tools');
  const owners = join(tools, 'owners');
  for (const folder of [tools, join(root, 'usr/local/bin')]) await mkdir(folder, { recursive: true });
  await writeFile(owners, '');
  await writeFile(join(tools, 'chown'), `#!/bin/sh\necho "$@" >>'${owners}'\n`);
  const npmProgram = `#!/bin/sh\nexec '${process.execPath}' '${await npmCli()}' "$@"\n`;
  await writeFile(join(tools, 'npm'), npmProgram);
  for (const tool of ['chown', 'npm']) await chmod(join(tools, tool), 0o755);
  const here = (text: string): string => text.replace(IMAGE_PATHS, `${root}/`);
  return {
    root,
    from,
    workdir: '/',
    env: {},
    user: 'root',
    entrypoint: [],
    command: [],
    healthcheck: [],
    here,
    owners: async () => (await readFile(owners, 'utf8')).replaceAll(root, ''),
  };
}

/** PATH inside a stage: its own programs, then this host's. */
export const pathIn = (stage: Stage): string =>
  [join(stage.root, 'test-tools'), join(stage.root, 'usr/local/bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

async function copy(stage: Stage, base: string, words: string[]): Promise<void> {
  const target = words.pop()!;
  const place = isAbsolute(target) ? join(stage.root, target) : join(stage.root, stage.workdir, target);
  for (const word of words) {
    const source = join(base, word);
    // A folder is copied by its content, a file under its name into a target that ends with a slash.
    await cp(source, target.endsWith('/') && word !== '.' ? join(place, word) : place, { recursive: true, verbatimSymlinks: true });
  }
}

async function run(stage: Stage, command: string): Promise<void> {
  const cwd = join(stage.root, stage.workdir);
  if (command.startsWith('npm ci --include=dev ')) {
    // The same lock file was installed by the same command when this repository was set up.
    const [lock, ours] = await Promise.all([cwd, ROOT].map((folder) => readFile(join(folder, 'package-lock.json'), 'utf8')));
    if (lock !== ours) throw new Error('the build does not begin with the lock file of the repository');
    await symlink(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
    return;
  }
  const options = { cwd, env: { ...stage.env, PATH: pathIn(stage), npm_config_prefer_offline: 'true' }, timeoutMs: 240_000 };
  const { code, stdout, stderr } = await runTo('sh', ['-euc', stage.here(command)], options);
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}:\n${stdout}\n${stderr}`);
}

/** What an engine sends of a folder: a list that begins with `*` and names what is sent all the same. */
export async function copyContext(ignoreFile: string, source: string, target: string): Promise<void> {
  const lines = (await readFile(ignoreFile, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.shift() !== '*' || lines.some((line) => !/^![\w./-]+$/.test(line))) throw new Error(`${ignoreFile} is no list of what is sent`);
  await mkdir(target, { recursive: true });
  for (const line of lines) await cp(join(source, line.slice(1)), join(target, line.slice(1)), { recursive: true }).catch(unlessMissing);
}

function unlessMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
