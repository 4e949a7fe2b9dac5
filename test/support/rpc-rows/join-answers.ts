/** What a coordinator would answer of agents that join. */
import type { AgentRecord } from '../../../coordinator/identity/agents/agent-record.ts';
import type { JoinToken } from '../../../coordinator/identity/agents/join-token.ts';
import type { JoinUseCases } from '../../../coordinator/rpc/use-cases.ts';

export const joinedAgent: AgentRecord = {
  ...{
    agentId: 'ag_0000000000000007',
    name: 'gpu-7',
    publicKey: Buffer.alloc(32).toString('base64'),
    keyNumber: 1,
    namespaces: ['team-a'],
  },
  ...{ pool: 'h200', labels: { zone: 'eu' }, createdAtMs: 1, createdBy: 'local', expiresAtMs: 2 },
};
export const joinToken: JoinToken = {
  ...{ hash: 'a'.repeat(64), id: `jt_${'a'.repeat(16)}`, name: 'gpu-7', namespaces: ['team-a'], pool: 'h200', labels: { zone: 'eu' } },
  ...{ createdAtMs: 1, createdBy: 'local', expiresAtMs: 2 },
};
export const joins: JoinUseCases = {
  invite: async (_by, { expiresInMs }) => ({ secret: 'evj_x', token: { ...joinToken, expiresAtMs: expiresInMs } }),
  invites: async () => ({ items: [joinToken], nextToken: 'next' }),
  uninvite: async (by) => ({ ...joinToken, revokedAtMs: 7, revokedBy: by.name }),
  join: async () => ({ agent: joinedAgent, server: 'st_1' }),
  revoke: async (by) => ({ ...joinedAgent, revokedAtMs: 7, revokedBy: by.name }),
};
