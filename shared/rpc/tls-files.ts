/**
 * The files of a caller's side of TLS: the authority to trust, and the certificate and key to show. They are read again for the next
 * connection once they have changed, by whatever way they are replaced; what cannot be used is said, and what was used before stays.
 */
import { readFileSync } from 'node:fs';
import { AppError, invalid, type Fault } from '../domain/errors.ts';
import { readPrivateFile } from '../runtime/private-file.ts';
import { authorityProblem, pairProblem, type TlsMaterial } from './tls-material.ts';

export interface TlsFilePaths {
  readonly ca?: string;
  /** Both, or none. */
  readonly cert?: string;
  readonly key?: string;
}

export interface TlsFilesOptions {
  readonly paths: TlsFilePaths;
  /** Told once of each new problem: something to write into a log. */
  readonly onProblem?: (problem: string) => void;
  readonly nowMs?: () => number;
}

/** Calls come by the thousand; files change by the day. */
const LOOK_MS = 1000;
/** A larger one is no certificate. */
const MAX_BYTES = 1 << 20;

export class TlsFiles {
  readonly #paths: TlsFilePaths;
  readonly #onProblem: (problem: string) => void;
  readonly #nowMs: () => number;
  #material: TlsMaterial;
  #version = 0;
  #lookedAtMs: number;
  #problem: string | undefined;

  /** Reads them; throws `invalid` with every fault. */
  constructor({ paths, onProblem = () => undefined, nowMs = Date.now }: TlsFilesOptions) {
    this.#paths = paths;
    this.#onProblem = onProblem;
    this.#nowMs = nowMs;
    this.#lookedAtMs = nowMs();
    const { material, faults } = readMaterial(paths, this.#lookedAtMs);
    if (faults.length > 0) throw invalid('the files of TLS', faults);
    this.#material = material;
  }

  /** What to connect with now; `version` grows when it is another than before. Never throws. */
  current(): { readonly material: TlsMaterial; readonly version: number } {
    const nowMs = this.#nowMs();
    if (nowMs - this.#lookedAtMs >= LOOK_MS || nowMs < this.#lookedAtMs) {
      this.#lookedAtMs = nowMs;
      this.#look(nowMs);
    }
    return { material: this.#material, version: this.#version };
  }

  #look(nowMs: number): void {
    const { material, faults } = readMaterial(this.#paths, nowMs);
    const problem = faults.map((fault) => `${fault.place} ${fault.problem}`).join('; ') || undefined;
    if (problem !== undefined) {
      if (problem !== this.#problem) this.#onProblem(`${problem}; what was read before is used on`);
    } else if (!isSame(material, this.#material)) {
      this.#material = material;
      this.#version++;
    }
    this.#problem = problem;
  }
}

function readMaterial(paths: TlsFilePaths, nowMs: number): { material: TlsMaterial; faults: Fault[] } {
  const faults: Fault[] = [];
  const read = (path: string | undefined, open: (path: string) => Buffer = (plain) => readFileSync(plain)): Buffer | undefined => {
    try {
      const content = path === undefined ? undefined : open(path);
      if (content && content.length > MAX_BYTES) throw new Error(`it has ${content.length} bytes, the limit is ${MAX_BYTES}`);
      return content;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
      faults.push({ place: path!, problem: error instanceof AppError ? why : `cannot be read: ${why}` });
      return undefined;
    }
  };
  const [ca, cert, key] = [read(paths.ca), read(paths.cert), read(paths.key, readPrivateFile)];
  const caProblem = ca && authorityProblem(ca);
  if (caProblem) faults.push({ place: paths.ca!, problem: caProblem });
  const problem = cert && key && pairProblem({ cert, key }, nowMs);
  if (problem) faults.push({ place: `${paths.cert!} and ${paths.key!}`, problem });
  return { material: { ...(ca && { ca }), ...(cert && key && { cert, key }) }, faults };
}

/** As a channel's options have it. */
export const dialWith = ({ ca, cert, key }: TlsMaterial): { tlsCa?: Buffer; tlsCert?: Buffer; tlsKey?: Buffer } => ({
  ...(ca && { tlsCa: ca }),
  ...(cert && { tlsCert: cert }),
  ...(key && { tlsKey: key }),
});

const isSame = (a: TlsMaterial, b: TlsMaterial): boolean =>
  (['ca', 'cert', 'key'] as const).every((name) => (a[name] === undefined ? b[name] === undefined : b[name]?.equals(a[name]) === true));
