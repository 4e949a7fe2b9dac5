/** Joins a fleet: makes a key, shows a join token with it until that is answered, and writes down what it was told. */
import { joinBytes, publicKeyOf, signWith } from '../../shared/domain/agent-key.ts';
import { hashOfToken, isJoinToken } from '../../shared/domain/api-token.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { AssayClient, ClientOptions } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import { forgetJoining, joiningKey, readAgentKey, writeAgentKey, type AgentKey } from './key-file.ts';

/** A coordinator that is just starting is waited for. */
const READY_MS = 30_000;

export interface JoinOptions {
  /** The spool's folder. */
  dir: string;
  connection: ClientOptions;
  /** What the agent calls itself. */
  name: string;
  /** Gives the join token; not asked where the agent has joined before. */
  secret: () => Promise<string>;
  /** Called once, when no coordinator can be reached for a moment: why not. */
  onRefused?: (why: string) => void;
}

/** The key with which the agent has joined, now or before. */
export async function joinOnce({ dir, connection, name, secret, onRefused }: JoinOptions): Promise<{ key: AgentKey; isNew: boolean }> {
  await makeFolders(dir, 0o700);
  const before = readAgentKey(dir);
  if (before) return { key: before, isNew: false };
  const token = await secret();
  if (!isJoinToken(token))
    throw new AppError(
      'invalid',
      'the join token is none: evj_ and 59 characters, as `assay agent invite` prints it; it was cut, or mistyped',
    );
  // It has no identity yet: the join token is all that it shows.
  const client = connect(withoutToken(connection));
  try {
    await client.waitUntilReady(READY_MS, onRefused);
    return { key: await join(client, { dir, name, token }), isNew: true };
  } finally {
    client.close();
  }
}

async function join(client: AssayClient, { dir, name, token }: { dir: string; name: string; token: string }): Promise<AgentKey> {
  const hash = hashOfToken(token);
  const privateKey = await joiningKey(dir, hash);
  const publicKey = publicKeyOf(privateKey);
  const signature = signWith(privateKey, joinBytes(hash, publicKey));
  const { agent, server } = await client.join({ secret: token, publicKey, signature, name });
  const key = { agentId: agent.agentId, name: agent.name, server, privateKey };
  await writeAgentKey(dir, key);
  await forgetJoining(dir);
  return key;
}

function withoutToken({ token: _token, ...rest }: ClientOptions): ClientOptions {
  return rest;
}
