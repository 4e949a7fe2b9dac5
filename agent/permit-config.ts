/** `commands` and `urls` of agent.yaml: which programs and which of the team's URLs specs may name. Nothing else is ever run or called. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { faultsOf } from '../shared/domain/spec-faults.ts';
import { urlPatternProblem } from '../shared/domain/url-pattern.ts';
import { commandCapabilities } from '../shared/domain/spec-needs.ts';
import { MAX_LINE_BYTES, type CommandConfig } from './scorers/program-process.ts';
import { slotFaults } from './scorers/slots.ts';

const slotValue = z.union([z.string().max(200), z.number()]);
const slotSchema = z.union(
  [
    z.strictObject({ enum: z.array(slotValue).min(1).max(256), default: slotValue.optional() }),
    z.strictObject({ int: z.tuple([z.int(), z.int()]), default: slotValue.optional() }),
    z.strictObject({ pattern: z.string().min(1).max(1000), default: slotValue.optional() }),
  ],
  { error: 'must have one of enum: [words], int: [least, most], pattern: regular expression; and may have a default' },
);

const commandSchema = z.strictObject({
  argv: z.array(z.string().max(10_000)).min(1).max(100),
  instances: z.int().min(1).max(256).default(1),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  /** Where it runs, and what its path starts from; by default the configuration's folder. */
  cwd: z.string().min(1).max(4096).optional(),
  slots: z.record(z.string().regex(/^\w{1,64}$/), slotSchema).optional(),
  /** Seconds. */
  timeout: z.number().positive().max(86_400).optional(),
  max_answer_bytes: z.int().min(1024).max(MAX_LINE_BYTES).optional(),
});

const NAME = /^[\w.-]{1,64}$/;
const VARIABLE = /^[A-Za-z_]\w{0,99}$/;
/** Each is a capability of the agent's Hello, which bears 200. */
const MAX_ENTRIES = 90;

export interface PermitSources {
  value: unknown;
  /** Where it stands: `agent.yaml: commands`. */
  place: string;
  /** What relative paths start from. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  fault: (place: string, problem: string) => void;
}

/** All commands that are right; the faults of the others go to `fault`. */
export function readCommands({ value, place, folder, environment, fault }: PermitSources): Record<string, CommandConfig> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fault(place, 'is no mapping; write `commands: {grader: {argv: [./grader.py]}}`');
    return {};
  }
  const entries = Object.entries(value);
  const count = commandCapabilities(value as Record<string, unknown>).length;
  if (count > MAX_ENTRIES) fault(place, `has ${count} commands (those with slots count twice); at most ${MAX_ENTRIES} are possible`);
  const commands: Record<string, CommandConfig> = {};
  for (const [name, item] of entries) {
    const at = (key: string): string => `${place}.${name.slice(0, 64)}${key && `.${key}`}`;
    if (!NAME.test(name)) fault(at(''), 'is no name of a command; use 1 to 64 letters, digits and _ . -');
    const parsed = commandSchema.safeParse(item);
    if (!parsed.success) {
      for (const { place: key, problem } of faultsOf(parsed.error.issues, item, commandSchema)) fault(at(key), problem);
      continue;
    }
    const { argv, instances, env, cwd, slots, timeout, max_answer_bytes: maxAnswerBytes } = parsed.data;
    const home = cwd === undefined ? folder : resolve(folder, cwd);
    if (cwd !== undefined && !statSync(home, { throwIfNoEntry: false })?.isDirectory())
      fault(
        at('cwd'),
        `${JSON.stringify(cwd.slice(0, 200))} is no folder; name one that is there, as a path from the configuration's folder`,
      );
    if (argv.some((part) => part.includes('\0'))) fault(at('argv'), 'has a NUL character in it; take it out');
    for (const key of Object.keys(env))
      if (!VARIABLE.test(key)) fault(at(`env.${key.slice(0, 100)}`), 'is no name of a variable; use letters, digits and _');
    const program = programOf(argv[0]!, home, environment['PATH']);
    if (program === undefined)
      fault(
        at('argv[0]'),
        `${JSON.stringify(argv[0]!.slice(0, 200))} is no program that can be run; name an executable file, or one in PATH`,
      );
    for (const [key, problem] of slotFaults(argv, slots ?? {})) fault(at(key), problem);
    commands[name] = {
      argv: [program ?? argv[0]!, ...argv.slice(1)],
      instances,
      env,
      folder: home,
      ...(slots ? { slots } : {}),
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
      ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
    };
  }
  return commands;
}

/** With a slash it is a path, relative to the configuration; without one it is looked for in PATH. */
function programOf(name: string, folder: string, path = ''): string | undefined {
  const places = name.includes('/')
    ? [resolve(folder, name)]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((dir) => join(dir, name));
  return name === '' ? undefined : places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** All patterns that are right; the faults of the others go to `fault`. */
export function readUrls({ value, place, fault }: Pick<PermitSources, 'value' | 'place' | 'fault'>): string[] {
  if (!Array.isArray(value)) {
    fault(place, 'is no list; write `urls: ["http://127.0.0.1:9000/*"]`');
    return [];
  }
  if (value.length > MAX_ENTRIES) fault(place, `has ${value.length} patterns; at most ${MAX_ENTRIES} are possible`);
  return value.flatMap((text: unknown, i) => {
    const problem = typeof text === 'string' ? urlPatternProblem(text) : 'is no text; write a pattern such as http://127.0.0.1:9000/*';
    if (problem) fault(`${place}[${i}]`, typeof text === 'string' ? `${JSON.stringify(shown(text))} ${problem}` : problem);
    return problem ? [] : [text as string];
  });
}

/** A password that stands there by mistake is not repeated. */
const shown = (text: string): string => text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 120);
