/** An answer that goes on: written at the pace of its reader, who is cut off when he does not read at all. */
import type { ServerResponse } from 'node:http';
import { AppError } from '../../shared/domain/errors.ts';

/** What may wait for a reader, beside what the kernel holds. */
const MAX_WAITING_BYTES = 256 * 1024;

export class Outlet {
  readonly #response: ServerResponse;
  readonly #slowMs: number;
  #isBegun = false;

  constructor(response: ServerResponse, slowMs: number) {
    this.#response = response;
    this.#slowMs = slowMs;
  }

  get isBegun(): boolean {
    return this.#isBegun;
  }

  begin(type: string): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    // Proxies that keep answers back until they are whole must not.
    this.#response.writeHead(200, { 'content-type': type, 'x-accel-buffering': 'no' });
    this.#response.flushHeaders();
  }

  /** Resolves when there is room for more; throws when the reader is gone, or has read nothing for so long that it is cut off. */
  async write(text: string): Promise<void> {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) throw gone();
    if (response.write(text) || response.writableLength <= MAX_WAITING_BYTES) return;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: AppError): void => {
        clearTimeout(late);
        response.off('drain', onDrain).off('close', onClose);
        if (error) reject(error);
        else resolve();
      };
      const onDrain = (): void => done();
      const onClose = (): void => done(gone());
      const late = setTimeout(() => {
        response.destroy();
        done(gone());
      }, this.#slowMs);
      response.once('drain', onDrain).once('close', onClose);
    });
  }

  end(): void {
    this.#response.end();
  }
}

const gone = (): AppError => new AppError('cancelled', 'the reader is gone');
