/** What the store has of a token is data from outside: whatever it is, it allows no more than it says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityOf, storedTokenOf, tokenRecordOf } from '../../../../coordinator/identity/token-record.ts';
import { SCOPES } from '../../../../shared/domain/identity.ts';

const HASH = 'a'.repeat(64);
const stored = fc.record(
  {
    name: fc.string(),
    scopes: fc.uniqueArray(fc.oneof(fc.constantFrom(...SCOPES), fc.string())),
    namespaces: fc.oneof(fc.constant('*'), fc.array(fc.string())),
    createdAtMs: fc.nat(),
    createdBy: fc.string(),
    expiresAtMs: fc.nat(),
    revokedAtMs: fc.nat(),
    revokedBy: fc.string(),
  },
  { requiredKeys: ['name', 'scopes', 'namespaces', 'createdAtMs', 'createdBy', 'expiresAtMs'] },
);

test('a record is read as it was written, with the scopes that this release knows', () => {
  fc.assert(
    fc.property(stored, (value) => {
      const record = tokenRecordOf(HASH, JSON.parse(JSON.stringify(value)))!;
      expect([...identityOf(record).scopes].toSorted()).toEqual(SCOPES.filter((scope) => value.scopes.includes(scope)).toSorted());
      expect(tokenRecordOf(HASH, storedTokenOf(record))).toEqual(record);
      expect(JSON.stringify(storedTokenOf(record))).not.toContain(HASH);
    }),
  );
});

test('anything else is none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(tokenRecordOf(HASH, value)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(stored, fc.constantFrom('name', 'scopes', 'namespaces', 'expiresAtMs'), fc.jsonValue(), (value, field, other) => {
      const read = tokenRecordOf(HASH, { ...value, [field]: other });
      const isList = Array.isArray(other) && other.every((item) => typeof item === 'string');
      const fits = {
        name: typeof other === 'string',
        scopes: isList,
        namespaces: other === '*' || isList,
        expiresAtMs: typeof other === 'number',
      };
      expect(read !== undefined).toBe(fits[field]);
      expect(tokenRecordOf(HASH, { ...value, [field]: undefined })).toBeUndefined();
    }),
  );
  expect(tokenRecordOf('../x', { name: '', scopes: [], namespaces: '*', createdAtMs: 0, createdBy: '', expiresAtMs: 0 })).toBeUndefined();
});
