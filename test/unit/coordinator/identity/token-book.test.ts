/** The picture of the tokens: against a store that another coordinator writes, that stands still, or is older than it was. */
import { afterEach, describe, expect, test } from 'vitest';
import { TokenBook } from '../../../../coordinator/identity/token-book.ts';
import { storedTokenOf, TOKENS, type TokenRecord } from '../../../../coordinator/identity/token-record.ts';
import { Tokens } from '../../../../coordinator/identity/tokens.ts';
import { newApiToken } from '../../../../shared/domain/api-token.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { LOCAL, type Identity } from '../../../../shared/domain/identity.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

/** Switches that can stand still, or fail; and how often each was asked. */
class FakeStore {
  readonly values = new Map<string, unknown>();
  asked = { all: 0, one: 0 };
  hangs = false;
  readonly #waiting: (() => void)[] = [];

  async #answer<T>(answer: () => T): Promise<T> {
    if (this.hangs) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return answer();
  }

  release(): void {
    this.hangs = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  switches(): Promise<ReadonlyMap<string, unknown>> {
    this.asked.all++;
    const then = new Map(this.values);
    return this.#answer(() => then);
  }

  switchOf(_kind: string, name: string): Promise<unknown> {
    this.asked.one++;
    return this.#answer(() => this.values.get(name));
  }

  async putSwitch(kind: string, name: string, value: unknown): Promise<void> {
    if (kind !== TOKENS) throw new Error(kind);
    this.values.set(name, JSON.parse(JSON.stringify(value)));
  }

  async removeSwitch(_kind: string, name: string): Promise<void> {
    this.values.delete(name);
  }
}

const HOUR = 3_600_000;
const started: TokenBook[] = [];
let clock = new SteppedClock();

function coordinatorOn(store: FakeStore) {
  const book = new TokenBook({ store, clock, onTrouble: () => undefined });
  started.push(book);
  const tokens = new Tokens({ store, book, notify: async () => undefined, clock, logger: silentLogger() });
  return { book, tokens };
}

function rig() {
  clock = new SteppedClock();
  const store = new FakeStore();
  return { store, ...coordinatorOn(store) };
}

afterEach(async () => {
  const stopping = started.splice(0).map((book) => book.stop());
  await clock.advance(10_000);
  await Promise.all(stopping);
});

const wish = { name: 'ci', scopes: ['read' as const], namespaces: ['team-a'], expiresInMs: HOUR };
const verify = async (book: TokenBook, bearer: string, peer = '10.0.0.1:1') => book.verify({ bearer, peer });
const codeOf = async (book: TokenBook, bearer: string, peer?: string): Promise<string> => {
  const answer = verify(book, bearer, peer).then(
    ({ identity }) => identity.name,
    (error: unknown) => AppError.from(error).code,
  );
  let settled: string | undefined;
  void answer.then((code) => (settled = code));
  for (let i = 0; i < 10 && settled === undefined; i++) await clock.advance(500);
  return settled ?? 'waits';
};

describe('a token', () => {
  test('made here holds here at once, and elsewhere when it is first used', async () => {
    const { store, tokens, book } = rig();
    const other = coordinatorOn(store).book;
    const { secret, token } = await tokens.create(LOCAL, wish);
    expect(secret).toMatch(/^evt_[a-z2-7]{59}$/);
    expect(JSON.stringify([...store.values])).not.toContain(secret.slice(4, 20));
    expect((await verify(book, secret)).identity).toEqual({
      ...{ name: 'ci', kind: 'token', scopes: new Set(['read']), namespaces: ['team-a'] },
      ...{ tokenId: token.id, expiresAtMs: token.expiresAtMs },
    });
    expect(store.asked.one).toBe(0);
    expect((await verify(other, secret)).identity.name).toBe('ci');
    await verify(other, secret);
    expect(store.asked.one).toBe(1);
  });

  test('that is none is refused without a question; one that is not known is asked for once, and remembered', async () => {
    const { store, book } = rig();
    for (const bad of ['evt_', `evt_${'a'.repeat(59)}`, newApiToken().slice(0, -1), `${newApiToken()}a`, newApiToken().toUpperCase()])
      expect(await codeOf(book, bad)).toBe('unauthenticated');
    expect(store.asked.one).toBe(0);
    const unknown = newApiToken();
    const codes = await Promise.all(Array.from({ length: 50 }, () => verify(book, unknown).catch((error: AppError) => error.code)));
    expect(new Set(codes)).toEqual(new Set(['unauthenticated']));
    await verify(book, unknown).catch(() => undefined);
    expect(store.asked.one).toBe(1);
  });

  test.each([
    ['is revoked', async (tokens: Tokens, record: TokenRecord) => void (await tokens.revoke(LOCAL, record.id)), /was revoked/],
    ['expires', async () => clock.advance(HOUR), /has expired/],
  ])('that %s is refused, and ends what is under way, here and elsewhere', async (_what, end, says) => {
    const { store, tokens, book } = rig();
    const other = coordinatorOn(store).book;
    await Promise.all([book.start(), other.start()]);
    const { secret, token } = await tokens.create(LOCAL, wish);
    const over: string[] = [];
    for (const [name, one] of Object.entries({ here: book, there: other }))
      (await verify(one, secret)).watch((why) => over.push(`${name} ${why.code} ${says.test(why.message)}`));
    const unwatched = (await verify(book, secret)).watch(() => over.push('not watched any more'));
    unwatched();
    await end(tokens, token);
    await clock.advance(5_000);
    expect(over.toSorted()).toEqual(['here unauthenticated true', 'there unauthenticated true']);
    expect(await codeOf(book, secret)).toBe('unauthenticated');
    expect(await codeOf(other, secret)).toBe('unauthenticated');
  });

  test('whose record is gone, or damaged, allows nothing', async () => {
    const { store, tokens, book } = rig();
    await book.start();
    const records = [];
    for (const name of ['gone', 'damaged']) records.push(await tokens.create(LOCAL, { ...wish, name }));
    store.values.delete(records[0]!.token.hash);
    store.values.set(records[1]!.token.hash, { name: 'damaged', scopes: 'admin', namespaces: '*' });
    await clock.advance(5_000);
    for (const { secret } of records) expect(await codeOf(book, secret)).toBe('unauthenticated');
  });

  test('of which a notice tells is looked at at once', async () => {
    const { store, tokens } = rig();
    const other = coordinatorOn(store).book;
    await other.start();
    const { secret, token } = await tokens.create(LOCAL, wish);
    let over = false;
    (await verify(other, secret)).watch(() => (over = true));
    await tokens.revoke(LOCAL, token.id);
    other.notice(token.hash);
    await new Promise(setImmediate);
    expect(over).toBe(true);
    other.notice('nonsense');
  });

  test('that was revoked stays so, whatever an older look still says', async () => {
    const { store, tokens, book } = rig();
    await book.start();
    const { secret, token } = await tokens.create(LOCAL, wish);
    const before = new Map(store.values);
    await tokens.revoke(LOCAL, token.id);
    for (const [name, value] of before) store.values.set(name, value);
    await clock.advance(10_000);
    expect(await codeOf(book, secret)).toBe('unauthenticated');
  });

  test('that nobody can use any more is forgotten after 30 days', async () => {
    const { store, tokens, book } = rig();
    await book.start();
    await tokens.create(LOCAL, wish);
    clock.jump(29 * 24 * HOUR);
    await clock.advance(40_000);
    expect(store.values.size).toBe(1);
    clock.jump(2 * 24 * HOUR);
    await clock.advance(40_000);
    expect(store.values.size).toBe(0);
  });
});

describe('while the store stands still', () => {
  test('known tokens hold for a minute, then nothing does; when it answers they hold again', async () => {
    const { store, tokens, book } = rig();
    await book.start();
    const { secret } = await tokens.create(LOCAL, wish);
    await clock.advance(4_000);
    store.hangs = true;
    await clock.advance(50_000);
    const asked = store.asked.one;
    let over: AppError | undefined;
    const known = await verify(book, secret);
    known.watch((why) => (over = why));
    expect(store.asked.one).toBe(asked);
    expect(over).toBeUndefined();
    await clock.advance(20_000);
    expect(over?.code).toBe('unavailable');
    expect(await codeOf(book, secret)).toBe('unavailable');
    store.release();
    await clock.advance(5_000);
    expect(await codeOf(book, secret)).toBe('ci');
  });

  test('it is asked for few at a time, and nobody waits for long', async () => {
    const { store, book } = rig();
    await book.start();
    store.hangs = true;
    const codes = Array.from({ length: 100 }, () => verify(book, newApiToken()).catch((error: AppError) => error.code));
    await clock.advance(4_000);
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['unavailable']));
    // Of one address four, wherever it comes from on it; of all together eight.
    expect(store.asked.one).toBe(4);
    const others = Array.from({ length: 100 }, (_, i) =>
      verify(book, newApiToken(), `10.0.1.${i}:7`).catch((error: AppError) => error.code),
    );
    await clock.advance(4_000);
    expect(new Set(await Promise.all(others))).toEqual(new Set(['unavailable']));
    expect(store.asked.one).toBe(8);
    store.release();
    await clock.advance(1);
    expect(await codeOf(book, newApiToken())).toBe('unauthenticated');
  });
});

test('whoever makes up tokens costs the store a hundred looks a second', async () => {
  const { store, book } = rig();
  await book.start();
  const codes = new Map<string, number>();
  for (let i = 0; i < 150; i++) {
    const code = await verify(book, newApiToken()).then(
      () => 'ok',
      (error: AppError) => error.code,
    );
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect(Object.fromEntries(codes)).toEqual({ unauthenticated: 100, unavailable: 50 });
  expect(store.asked.one).toBe(100);
  await clock.advance(1_000);
  expect(await codeOf(book, newApiToken())).toBe('unauthenticated');
});

test('and keeps nobody else from being known by a token that is new here', async () => {
  const { store, tokens } = rig();
  const other = coordinatorOn(store).book;
  await other.start();
  for (let i = 0; i < 150; i++) await verify(other, newApiToken(), `10.0.0.1:${i}`).catch(() => undefined);
  const { secret } = await tokens.create(LOCAL, wish);
  await expect(verify(other, newApiToken(), '10.0.0.1:9')).rejects.toMatchObject({ code: 'unavailable' });
  expect((await verify(other, secret, '10.0.0.2:9')).identity.name).toBe('ci');
});

test('what is known when it starts needs no look', async () => {
  const { store, tokens } = rig();
  const { secret } = await tokens.create(LOCAL, wish);
  const later = coordinatorOn(store).book;
  await later.start();
  expect((await verify(later, secret)).identity.name).toBe('ci');
  expect(store.asked.one).toBe(0);
});

describe('whoever makes tokens', () => {
  const admin: Identity = {
    ...{ name: 'a-admin', kind: 'token', tokenId: 'tk_aaaaaaaaaaaaaaaa' },
    ...{ scopes: new Set(['admin', 'read']), namespaces: ['team-a', 'team-c'] },
  };
  const denied = (run: Promise<unknown>) => expect(run).rejects.toMatchObject({ code: 'permission_denied' });

  test('gives nothing that it has not', async () => {
    const { tokens, store } = rig();
    await denied(tokens.create(admin, { ...wish, scopes: ['submit'] }));
    await denied(tokens.create(admin, { ...wish, scopes: ['read', 'operate'] }));
    await denied(tokens.create(admin, { ...wish, namespaces: ['team-b'] }));
    await denied(tokens.create(admin, { ...wish, namespaces: ['team-a', 'team-b'] }));
    await denied(tokens.create(admin, { ...wish, namespaces: '*' }));
    expect(store.values.size).toBe(0);
    const { token } = await tokens.create(admin, { ...wish, scopes: ['read', 'admin'], namespaces: ['team-a'] });
    expect(token).toMatchObject({ createdBy: 'a-admin (tk_aaaaaaaaaaaaaaaa)', scopes: ['read', 'admin'] });
  });

  test('sees and ends only what reaches nowhere else', async () => {
    const { tokens } = rig();
    for (const namespaces of [['team-a'], ['team-a', 'team-b'], ['team-b'], '*' as const])
      await tokens.create(LOCAL, { ...wish, name: String(namespaces), namespaces });
    expect((await tokens.list(admin, {})).items.map(({ name }) => name)).toEqual(['team-a']);
    const all = (await tokens.list(LOCAL, {})).items;
    expect(all).toHaveLength(4);
    for (const { id, name } of all) {
      const revoked = tokens.revoke(admin, id);
      if (name === 'team-a') expect(await revoked).toMatchObject({ revokedBy: 'a-admin (tk_aaaaaaaaaaaaaaaa)' });
      else await expect(revoked).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining(id) as string });
    }
    await expect(tokens.revoke(admin, 'tk_aaaaaaaaaaaaaaaa')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('that is bound to pools sees and ends no token that lets agents of others in', async () => {
    const { tokens } = rig();
    const bound: Identity = { ...admin, pools: ['h200'] };
    const some = { namespaces: ['team-a'], scopes: ['agent'] as const };
    const { token: any } = await tokens.create(LOCAL, { ...wish, ...some, name: 'any' });
    await tokens.create(LOCAL, { ...wish, ...some, name: 'cpu', pools: ['cpu'] });
    await tokens.create(LOCAL, { ...wish, ...some, name: 'admin', scopes: ['admin'] });
    await tokens.create(LOCAL, { ...wish, ...some, name: 'own', pools: ['h200'] });
    await tokens.create(LOCAL, { ...wish, ...some, name: 'reads', scopes: ['read'] });
    const seen = (await tokens.list(bound, {})).items.map(({ name }) => name);
    expect(seen.toSorted()).toEqual(['own', 'reads']);
    await expect(tokens.revoke(bound, any.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('gets pages that fit together, the newest first', async () => {
    const { tokens } = rig();
    for (let i = 0; i < 5; i++) {
      await tokens.create(LOCAL, { ...wish, name: `t${i}` });
      await clock.advance(i % 2);
    }
    const names: string[] = [];
    for (let token = '', more = true; more; more = token !== '') {
      const page = await tokens.list(LOCAL, { size: 2, token });
      names.push(...page.items.map(({ name }) => name));
      token = page.nextToken;
    }
    expect(names.toSorted()).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(names.at(-1)).toMatch(/t[01]/);
  });

  test('does nothing where it cannot be written down', async () => {
    const { tokens, store } = rig();
    const full = async () => Promise.reject(new AppError('unavailable', 'the audit log is full'));
    await expect(tokens.create(LOCAL, wish, full)).rejects.toThrow('the audit log is full');
    expect(store.values.size).toBe(0);
    const { token } = await tokens.create(LOCAL, wish);
    await expect(tokens.revoke(LOCAL, token.id, full)).rejects.toThrow('the audit log is full');
    expect(store.values.get(token.hash)).toEqual(storedTokenOf(token));
  });
});
