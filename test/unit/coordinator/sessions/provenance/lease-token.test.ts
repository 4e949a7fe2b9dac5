/** Signed leases as bytes: what was signed is read again, and nothing else. */
import { createSecretKey } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  keyIdOf,
  MAX_LEASE_BYTES,
  openLease,
  signLease,
  type LeaseClaims,
  type LeaseKey,
} from '../../../../../coordinator/sessions/provenance/lease-token.ts';

const keyOf = (id: string, byte: number): LeaseKey => ({ id, secret: createSecretKey(Buffer.alloc(32, byte)) });
const KEY = keyOf('0123456789abcdef', 7);
const CLAIMS: LeaseClaims = {
  namespace: 'default',
  evaluationId: 'ev_abcdefghijklmnopqrstuvwxyz',
  taskId: 'ev_abcdefghijklmnopqrstuvwxyz-12',
  attemptId: '0'.repeat(32),
  agentId: 'ag_0123456789abcdef',
  grant: 3 * 2 ** 32 + 5,
  expiresAtMs: 1_800_000_000_000,
};

const texts = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed());
const claims = fc.record({
  ...{ namespace: texts, evaluationId: texts, taskId: texts, attemptId: texts, agentId: texts },
  ...{ grant: fc.maxSafeNat(), expiresAtMs: fc.maxSafeNat() },
});

test('what was signed is read again', () => {
  fc.assert(
    fc.property(claims, (own) => {
      expect(openLease(KEY, signLease(KEY, own))).toEqual(own);
    }),
  );
  expect(keyIdOf(signLease(KEY, CLAIMS))).toBe(KEY.id);
});

test('what is not the same has not the same bytes, wherever one field ends and the next begins', () => {
  fc.assert(
    fc.property(claims, claims, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(signLease(KEY, one).equals(signLease(KEY, other))).toBe(false);
    }),
  );
  const moved = signLease(KEY, { ...CLAIMS, namespace: 'defaulte', evaluationId: CLAIMS.evaluationId.slice(1) });
  expect(moved.equals(signLease(KEY, CLAIMS))).toBe(false);
});

test('each bit of each byte counts, and so does its length', () => {
  const lease = signLease(KEY, CLAIMS);
  for (let at = 0; at < lease.length; at++)
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(lease);
      changed[at]! ^= 1 << bit;
      expect(openLease(KEY, changed)).toBeUndefined();
    }
  for (let length = 0; length < lease.length; length++) expect(openLease(KEY, lease.subarray(0, length))).toBeUndefined();
  expect(openLease(KEY, Buffer.concat([lease, Buffer.alloc(1)]))).toBeUndefined();
  expect(openLease(KEY, Buffer.concat([lease, lease]))).toBeUndefined();
});

test('another key of the same name signs nothing of this one', () => {
  expect(openLease(keyOf(KEY.id, 8), signLease(KEY, CLAIMS))).toBeUndefined();
  expect(openLease(keyOf('0123456789abcdee', 7), signLease(KEY, CLAIMS))).toBeUndefined();
});

test('bytes of anybody are no lease, and hurt nobody', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2 * MAX_LEASE_BYTES }), (bytes) => {
      expect(openLease(KEY, Buffer.from(bytes))).toBeUndefined();
    }),
  );
});
