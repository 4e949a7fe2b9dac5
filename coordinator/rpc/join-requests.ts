/** What those ask who let agents in, and what agents present who want to be. */
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../shared/domain/agent-key.ts';
import type { Checks } from '../../shared/rpc/checks.ts';
import type { CreateJoinTokenRequest__Output } from '../../shared/rpc/gen/assay/v1/CreateJoinTokenRequest.ts';
import type { JoinRequest__Output } from '../../shared/rpc/gen/assay/v1/JoinRequest.ts';
import type { JoinAttempt, JoinWish } from '../identity/agents/joins.ts';
import { readLabels, readPool } from './labels.ts';
import { readNamespaces } from './namespaces.ts';

const MAX = { secret: 100 };
/** Whoever finds a join token is an agent: it holds no longer than it takes to bring it to its host. */
const LONGEST_MS = 15 * 60_000;
const NAME = /^[\w.@-]{1,100}$/;
const NAME_FORM = '1 to 100 letters, digits and . _ - @';

export function readJoinWish(checks: Checks, request: CreateJoinTokenRequest__Output): JoinWish {
  const { name, pool } = request;
  if (name !== '') checks.form('name', name, NAME, NAME_FORM);
  if (pool !== '') readPool(checks, 'pool', pool);
  const labels = readLabels(checks, request.labels);
  const namespaces = readNamespaces(checks, request.namespaces);
  const isDefault = Number(request.expiresInMs) === 0;
  const expiresInMs = isDefault ? LONGEST_MS : checks.int('expires_in_ms', request.expiresInMs, LONGEST_MS, 1000);
  return { name, pool, labels, namespaces, expiresInMs };
}

/** No fault shows the token. */
export function readJoin(checks: Checks, request: JoinRequest__Output): Omit<JoinAttempt, 'address'> {
  const { secret, publicKey, signature, name } = request;
  if (secret.length === 0 || secret.length > MAX.secret) checks.fault('secret', 'is no join token (evj_ and 59 characters)');
  if (publicKey.length !== PUBLIC_KEY_BYTES) checks.fault('public_key', `has ${publicKey.length} bytes; it needs ${PUBLIC_KEY_BYTES}`);
  if (signature.length !== SIGNATURE_BYTES) checks.fault('signature', `has ${signature.length} bytes; it needs ${SIGNATURE_BYTES}`);
  checks.form('name', name, NAME, NAME_FORM);
  return { secret, publicKey: Buffer.from(publicKey), signature: Buffer.from(signature), name };
}
