/**
 * The certificate that a coordinator shows and the authority of its callers' certificates, read again when their files change. The files
 * are looked at, not waited for: a mount that swaps a symbolic link, a rename and a network's file system all show in their content.
 */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/domain/errors.ts';
import { readPrivateFile } from '../../../shared/runtime/private-file.ts';
import { authorityProblem, pairProblem, validityOf, type TlsPair, type Validity } from '../../../shared/rpc/tls-material.ts';
import type { RpcLogger } from '../../../shared/rpc/handler.ts';

export interface TlsSettings extends TlsPair {
  /** Its presence means that every caller must show a certificate of this authority. */
  readonly clientCa?: Buffer;
  /** Where they were read from; without it they stay as they are. */
  readonly files?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

type Material = Pick<TlsSettings, 'cert' | 'key' | 'clientCa'>;

export interface CertificatesOptions {
  readonly tls: TlsSettings;
  /** Called with what new connections are to be met with. */
  readonly onChange: (material: Material) => void;
  readonly onReload?: (outcome: 'taken' | 'refused') => void;
  readonly logger: RpcLogger;
  readonly nowMs?: () => number;
}

const DAY_MS = 86_400_000;
/** A certificate that is not renewed by then will likely not be; short ones have a fifth of their life. */
const SOON_MS = 14 * DAY_MS;

export class Certificates {
  readonly #options: CertificatesOptions;
  readonly #nowMs: () => number;
  #material: Material;
  #validity: Validity;
  /** What was wrong at the last look: only what stays wrong is told, since files that are renamed one after the other do not fit for a moment. */
  #problem: string | undefined;
  #told: string | undefined;
  #warnedAtMs = -Infinity;

  constructor(options: CertificatesOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
    const { cert, key, clientCa } = options.tls;
    this.#material = { cert, key, ...(clientCa && { clientCa }) };
    this.#validity = validityOf(cert);
  }

  get material(): Material {
    return this.#material;
  }

  /** When what is shown now ends. */
  get untilMs(): number {
    return this.#validity.untilMs;
  }

  /** Looks at the files once. Never rejects. */
  async look(): Promise<void> {
    if (this.#options.tls.files) await this.#reload(this.#options.tls.files);
    this.#warn();
  }

  async #reload(files: NonNullable<TlsSettings['files']>): Promise<void> {
    const { logger, onChange, onReload } = this.#options;
    const read = await materialOf(files, this.#nowMs());
    if (typeof read === 'string') {
      if (read === this.#problem && read !== this.#told) {
        this.#told = read;
        onReload?.('refused');
        logger.error(
          { problem: read, usedUntil: isoOf(this.untilMs) },
          'the new certificate is refused, the one before stays; mend its files',
        );
      }
      this.#problem = read;
      return;
    }
    this.#problem = this.#told = undefined;
    if (isSame(read, this.#material)) return;
    this.#material = read;
    this.#validity = validityOf(read.cert);
    this.#warnedAtMs = -Infinity;
    onChange(read);
    onReload?.('taken');
    logger.info({ until: isoOf(this.untilMs) }, 'a new certificate is shown to new connections');
  }

  /** Once a day. */
  #warn(): void {
    const nowMs = this.#nowMs();
    const { fromMs, untilMs } = this.#validity;
    const leftMs = untilMs - nowMs;
    if (leftMs > Math.min(SOON_MS, (untilMs - fromMs) / 5) || nowMs - this.#warnedAtMs < DAY_MS) return;
    this.#warnedAtMs = nowMs;
    const until = isoOf(untilMs);
    if (leftMs <= 0) this.#options.logger.error({ until }, 'the certificate has ended: callers refuse it; put a new one in its place');
    else this.#options.logger.warn({ until }, 'the certificate ends soon; put a new one in its place');
  }
}

/** The files' content, or what is wrong with it. */
async function materialOf(files: NonNullable<TlsSettings['files']>, nowMs: number): Promise<Material | string> {
  let read: (Buffer | undefined)[];
  try {
    read = await Promise.all(
      [files.cert, files.key, files.clientCa].map(async (path) =>
        path === undefined ? undefined : path === files.key ? readPrivateFile(path) : readFile(path),
      ),
    );
  } catch (error) {
    return error instanceof AppError ? `${files.key} ${error.message}` : (error as Error).message;
  }
  const [cert, key, clientCa] = read as [Buffer, Buffer, Buffer | undefined];
  const problem = pairProblem({ cert, key }, nowMs) ?? (clientCa && authorityProblem(clientCa));
  return problem ?? { cert, key, ...(clientCa && { clientCa }) };
}

const isSame = (a: Material, b: Material): boolean =>
  a.cert.equals(b.cert) && a.key.equals(b.key) && (a.clientCa ? b.clientCa?.equals(a.clientCa) === true : b.clientCa === undefined);

const isoOf = (ms: number): string => new Date(ms).toISOString();
