/**
 * A submitter's word for an evaluation: a JWS (RFC 7515, compact, EdDSA with Ed25519) over the digest of the spec, its namespace and the evaluation's id. It stands in the
 * spec's metadata, which is no part of the digest, so that it goes wherever the spec goes. Pure.
 */
import { sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { EvaluationSpec } from './spec-schema.ts';

/** In the spec's metadata. */
export const SIGNATURE_FIELD = 'assay_signature';
const HEADER = { alg: 'EdDSA', typ: 'assay-spec' };

/** What is signed. */
export interface SignedWork {
  /** `specDigestOf` the spec. */
  digest: string;
  evaluation: string;
  namespace: string;
}

const encoded = (value: unknown): string => Buffer.from(canonicalJson(value)).toString('base64url');

/** `key`: Ed25519, private. */
export function signWork(work: SignedWork, key: KeyObject): string {
  const text = `${encoded(HEADER)}.${encoded(work)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** The spec with its signature. */
export const signedSpec = (spec: EvaluationSpec, work: SignedWork, key: KeyObject): EvaluationSpec => ({
  ...spec,
  metadata: { ...spec.metadata, [SIGNATURE_FIELD]: signWork(work, key) },
});

/** Whether one of the signers has signed just this work. There is one way to write it, so nothing of a signature that is not our own is read. */
export function isSignedBy(signers: readonly KeyObject[], work: SignedWork, signature: unknown): boolean {
  if (typeof signature !== 'string') return false;
  const [header, payload, bytes, more] = signature.split('.');
  if (header !== encoded(HEADER) || payload !== encoded(work) || !bytes || more !== undefined) return false;
  const raw = Buffer.from(bytes, 'base64url');
  if (raw.toString('base64url') !== bytes) return false;
  return signers.some((signer) => verify(null, Buffer.from(`${header}.${payload}`), signer, raw));
}
