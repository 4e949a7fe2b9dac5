/** Wrong proofs of agents' keys are failed logins: answered later and later, and whoever only says which agent it is is trusted with nothing. */
import { connect, type ClientHttp2Session } from 'node:http2';
import { status as Status } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import type { AgentProofs } from '../../coordinator/rpc/use-cases.ts';
import { agentBearer } from '../../shared/domain/agent-key.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { agentCodec } from '../../shared/rpc/codec-agent.ts';
import { message } from '../support/raw-http2.ts';
import { startServer } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const AGENT = 'ag_0123456789abcdef';
const CONNECT = '/assay.v1.AgentService/Connect';
const WRONG = new AppError('unauthenticated', 'the key that this agent has joined with was not proved');
const cleanups: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(cleanups.splice(0).map((clean) => clean()))));

/** A coordinator that takes the proof whose first byte is 1; it then says Welcome, and ends the stream as one whose key was revoked. */
async function listen(): Promise<() => ClientHttp2Session> {
  const open: AgentProofs['open'] = async (stream, identity) => {
    await stream.send({ kind: 'challenge', nonce: Buffer.alloc(32), server: 's', key: Buffer.alloc(32), keyLeftMs: 1, keyAgeLimitMs: 1 });
    const { value } = await stream.messages[Symbol.asyncIterator]().next();
    if (value?.kind !== 'proof' || value.signature[0] !== 1) throw WRONG;
    await stream.send({ kind: 'heartbeatAck', sequence: 1, lostAttempts: [] });
    return { stream, identity, proof: () => 'key' };
  };
  const server = await startServer(
    {},
    {
      token: 't'.repeat(32),
      limits: { loginBackoff: true },
      authenticators: [
        {
          takes: ({ bearer }) => bearer === agentBearer(AGENT),
          verify: () => ({
            identity: { name: 'h', kind: 'agent', scopes: new Set(['agent']), namespaces: ['a'], agentId: AGENT },
            mustProve: true,
            watch: () => () => undefined,
          }),
        },
      ],
      proofs: { open },
      sessions: {
        serve: async () => {
          throw new AppError('unauthenticated', 'it was revoked');
        },
      },
    },
  );
  cleanups.push(() => server.stop());
  return () => {
    const session = connect(`http://${server.address}`).on('error', () => undefined);
    cleanups.push(() => session.destroy());
    return session;
  };
}

function prove(session: ClientHttp2Session, first: number): { status: string | undefined; ms: number | undefined } {
  const startMs = performance.now();
  const of = { status: undefined as string | undefined, ms: undefined as number | undefined };
  const headers = { ':method': 'POST', ':path': CONNECT, 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request({ ...headers, authorization: `Bearer ${agentBearer(AGENT)}` });
  const take = (given: Record<string, unknown>): void => {
    if (given['grpc-status'] === undefined) return;
    of.status = Status[Number(given['grpc-status'])];
    of.ms = performance.now() - startMs;
  };
  stream
    .on('response', take)
    .on('trailers', take)
    .on('error', () => undefined);
  stream.resume();
  stream.write(message(agentCodec().encode({ kind: 'proof', signature: Buffer.alloc(64, first), wireVersion: '1.3' })));
  return of;
}

test('the fourth is late, the fifth later; a right one is not, nor is the end of its stream', async () => {
  const session = (await listen())();
  const took = async (first: number): Promise<number> => {
    const of = prove(session, first);
    await waitFor(() => of.ms !== undefined, { what: 'the answer' });
    expect(of.status).toBe('UNAUTHENTICATED');
    return of.ms!;
  };
  for (let i = 0; i < 6; i++) await took(0);
  expect(await took(0)).toBeGreaterThan(790);
  // The next wrong one waits for twice as long.
  const late = prove(session, 0);
  await took(1);
  expect(late.ms).toBeUndefined();
});

test('with too many that wait the connection is closed, unless a key was proved on it', async () => {
  const dial = await listen();
  const [strange, shared] = [dial(), dial()];
  const right = prove(shared, 1);
  await waitFor(() => right.status !== undefined, { what: 'the right proof' });
  for (let i = 0; i < 60; i++) prove(strange, 0);
  await waitFor(() => strange.closed || strange.destroyed, { what: 'the connection to be closed' });
  for (let i = 0; i < 60; i++) prove(shared, 0);
  const again = prove(shared, 1);
  await waitFor(() => again.status !== undefined, { what: 'an answer on the shared connection' });
  expect(shared.closed || shared.destroyed).toBe(false);
});
