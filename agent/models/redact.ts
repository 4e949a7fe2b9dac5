/** Texts of an endpoint are kept, but bounded and never with the key in them: some endpoints repeat the key that they refuse. */
import type { Redactor } from '../../shared/domain/redactor.ts';
import { ModelError } from './provider.ts';

/** Bytes of an error's text that are kept. */
export const MAX_MESSAGE_BYTES = 2048;

/** The text without any secret, cut to `MAX_MESSAGE_BYTES`. */
export function cleanText(text: string, redactor: Redactor): string {
  const clean = redactor.redact(text);
  if (Buffer.byteLength(clean) <= MAX_MESSAGE_BYTES) return clean;
  // Cutting bytes may halve a character; the decoder's replacement marks are cut away with it.
  const cut = Buffer.from(clean)
    .subarray(0, MAX_MESSAGE_BYTES - 4)
    .toString('utf8');
  return `${cut.replace(/\uFFFD+$/, '')} …`;
}

/** The same error with a clean message. Causes are dropped: what they add is in the message, and they carry foreign text. */
export function cleanError(error: ModelError, redactor: Redactor, unsent = error.unsent): ModelError {
  return new ModelError(error.errorClass, cleanText(error.message, redactor), {
    httpStatus: error.httpStatus,
    retryAfterMs: error.retryAfterMs,
    retryable: error.retryable,
    unsent,
  });
}
