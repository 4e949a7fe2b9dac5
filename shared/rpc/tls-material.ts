/** Certificates and keys in PEM: whether they can be used, said in words before a handshake fails for it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** A certificate with its chain, and its key. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What one side of a connection shows, and what it trusts. */
export interface TlsMaterial extends Partial<TlsPair> {
  readonly ca?: Buffer;
}

/** When a certificate begins and ends, in epoch milliseconds. */
export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of the first certificate: the others are its chain. Throws for what is none. */
export function validityOf(pem: Buffer): Validity {
  const { validFromDate, validToDate } = new X509Certificate(pem);
  return { fromMs: validFromDate.getTime(), untilMs: validToDate.getTime() };
}

/** What is wrong with a pair, or undefined. */
export function pairProblem({ cert, key }: TlsPair, nowMs: number): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (error) {
    return `the certificate is no PEM that can be read (${reasonOf(error)})`;
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'the key is not that of the certificate';
  } catch (error) {
    return `the key is no PEM that can be read (${reasonOf(error)})`;
  }
  const { fromMs, untilMs } = validityOf(cert);
  if (untilMs <= nowMs) return `the certificate ended on ${isoOf(untilMs)}`;
  if (fromMs > nowMs) return `the certificate begins only on ${isoOf(fromMs)}`;
  return contextProblem({ cert, key });
}

/** What is wrong with a bundle of authorities, or undefined. Each must be readable: a broken one would be left out silently. */
export function authorityProblem(pem: Buffer): string | undefined {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return 'there is no PEM certificate in it';
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch (error) {
    return `one of its certificates cannot be read (${reasonOf(error)})`;
  }
  return contextProblem({ ca: pem });
}

/** What only OpenSSL knows, such as keys that it holds for too short. */
function contextProblem(material: TlsMaterial): string | undefined {
  try {
    createSecureContext(material);
    return undefined;
  } catch (error) {
    return `it cannot be used for TLS (${reasonOf(error)})`;
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const reasonOf = (error: unknown): string => (error as Error).message.slice(0, 120);
