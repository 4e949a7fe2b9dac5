/** Loads the ledger's scripts and runs them by their SHA-1; Redis may forget them at any time. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisClient } from '../redis/connect.ts';
import { asUnavailable } from '../redis/errors.ts';

const NAMES = ['create', 'plan', 'grant', 'commit', 'release', 'spare', 'control', 'restore', 'close', 'reopen', 'snapshot'] as const;
export type ScriptName = (typeof NAMES)[number];

/** Told of every script that has run: its outcome and how long its answer took. */
export type OnRun = (script: ScriptName, outcome: string, ms: number) => void;

/** The same for all runners of a process. */
let scripts: ReadonlyMap<ScriptName, { sha: string; lua: string }> | undefined;

function readScripts(): NonNullable<typeof scripts> {
  const read = (name: string): string => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
  const common = read('common');
  return new Map(
    NAMES.map((name) => {
      const lua = common + read(name);
      return [name, { lua, sha: createHash('sha1').update(lua).digest('hex') }];
    }),
  );
}

export class ScriptRunner {
  readonly #redis: RedisClient;
  readonly #onRun: OnRun | undefined;
  readonly #scripts = (scripts ??= readScripts());

  constructor(redis: RedisClient, onRun?: OnRun) {
    this.#redis = redis;
    this.#onRun = onRun;
  }

  /** Runs one script; every error is AppError `unavailable`. */
  async run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const { sha, lua } = this.#scripts.get(name)!;
    const startedAt = performance.now();
    let outcome = 'ok';
    try {
      try {
        return await this.#redis.evalsha(sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return await this.#redis.eval(lua, keys.length, ...keys, ...args);
      }
    } catch (error) {
      outcome = 'unavailable';
      throw asUnavailable(error);
    } finally {
      this.#onRun?.(name, outcome, performance.now() - startedAt);
    }
  }
}
