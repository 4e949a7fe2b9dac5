/**
 * The file of identities, looked at while the coordinator runs. It is taken once it has looked the same twice, for who writes a file is not done at
 * once; what is wrong with it is told once, and what was in force before stays so.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Fault } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { RpcLogger } from '../../shared/rpc/handler.ts';
import type { CertificateRule } from './certificate-identities.ts';
import type { IssuerSettings } from './oidc/settings.ts';

/** Two looks, and what has changed holds: well within five seconds. */
const LOOK_MS = 1_000;
const MAX_FAULTS = 10;

export interface IdentitySettings {
  readonly issuers: readonly IssuerSettings[];
  readonly certificates: readonly CertificateRule[];
  /** Where they were read from; without it they stay as they are. */
  readonly file?: string;
}

export interface IdentitiesFileParts {
  settings: IdentitySettings;
  /** Reads it whole: nothing of a file with a fault counts. */
  read: (path: string) => Promise<{ settings: IdentitySettings; faults: readonly Fault[] }>;
  onChange: (settings: IdentitySettings) => Promise<void>;
  clock: Clock;
  logger: RpcLogger;
}

export class IdentitiesFile implements Service {
  readonly #parts: IdentitiesFileParts;
  readonly #duty: Duty;
  #inForce: string;
  /** What the last look has seen, and the one that was dealt with last. */
  #seen: string | undefined;
  #done: string | undefined;

  constructor(parts: IdentitiesFileParts) {
    const { clock, logger, settings } = parts;
    this.#parts = parts;
    this.#inForce = JSON.stringify(settings);
    const onError = (error: unknown): void => logger.error({ err: error }, 'identities could not be read again; those before stay');
    this.#duty = new Duty({ clock, periodMs: LOOK_MS, onError, run: () => this.look() });
  }

  async start(): Promise<void> {
    if (this.#parts.settings.file !== undefined) await this.#duty.start();
  }

  stop(): Promise<void> {
    return this.#duty.stop();
  }

  /** Looks at the file once. */
  async look(): Promise<void> {
    const { settings: first, read, onChange, logger } = this.#parts;
    const path = first.file;
    if (path === undefined) return;
    const seen = await contentOf(path);
    const isSettled = seen === this.#seen;
    this.#seen = seen;
    if (!isSettled || seen === this.#done) return;
    const { settings, faults } = await read(path);
    // It was written again meanwhile: the next look sees it.
    if ((await contentOf(path)) !== seen) return;
    this.#done = seen;
    if (faults.length > 0) {
      const problems = faults.slice(0, MAX_FAULTS).map(({ place, problem }) => `${place} ${problem}`);
      logger.error({ problems, faults: faults.length }, 'the new identities are refused, those before stay; mend the file');
      return;
    }
    const now = JSON.stringify(settings);
    if (now === this.#inForce) return;
    await onChange(settings);
    this.#inForce = now;
    const { issuers, certificates } = settings;
    logger.info({ issuers: issuers.length, certificates: certificates.length }, 'the new identities are in force');
  }
}

/** Says the same of the same content; also of a file that cannot be read. */
const contentOf = (path: string): Promise<string> =>
  readFile(path).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    (error: unknown) => `cannot be read: ${(error as NodeJS.ErrnoException).code}`,
  );
