/** A token that is revoked ends its calls at once, however late the answers to failed logins from the same address are. */
import { expect, test } from 'vitest';
import type { Authenticator } from '../../coordinator/identity/authenticator.ts';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { LOCAL } from '../../shared/domain/identity.ts';
import { EVALUATION_ID, startServer } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );

test('its parked call is over before the answer to a login that failed before', async () => {
  let revoke: ((why: AppError) => void) | undefined;
  const authenticator: Authenticator = {
    takes: ({ bearer }) => bearer === 'good',
    verify: () => ({
      identity: LOCAL,
      watch: (onOver) => {
        revoke = onOver;
        return () => undefined;
      },
    }),
  };
  let entered = false;
  const server = await startServer(
    {
      get: () => {
        entered = true;
        return new Promise(() => undefined);
      },
    },
    { token: 'own', authenticators: [authenticator], limits: { loginBackoff: true } },
  );
  const clientOf = (token: string) => connect({ addresses: [server.address], token, patienceMs: 1 });
  const clients = [clientOf('good'), ...Array.from({ length: 9 }, () => clientOf('bad'))];
  const [good, ...bad] = clients;
  const parked = codeOf(good!.get(EVALUATION_ID));
  await waitFor(() => entered && revoke, { what: 'the call to be let in' });
  const order: string[] = [];
  const failures = bad.map((client) => codeOf(client.whoAmI()).then((code) => order.push(code)));
  // By now the next answers are seconds late.
  await waitFor(() => order.length >= 5, { what: 'the first ones to be answered' });
  revoke!(new AppError('unauthenticated', 'the token was revoked'));
  expect(await parked).toBe('unauthenticated');
  expect(order.length).toBeLessThan(bad.length);
  await Promise.all(failures);
  expect(new Set(order)).toEqual(new Set(['unauthenticated']));
  for (const client of clients) client.close();
  await server.stop();
});
