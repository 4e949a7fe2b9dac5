/** IdentityService, row by row. */
import { bad, long, map, type Row } from './rows.ts';
import { token } from './answers.ts';
import { joinedAgent, joinToken } from './join-answers.ts';

const I = 'assay.v1.IdentityService';
const good = { name: 'ci', scopes: ['SCOPE_SUBMIT', 'SCOPE_READ'], namespaces: { names: ['team-a'] } };

export const IDENTITY_ROWS: Record<string, Row[]> = {
  [`${I}/CreateToken`]: [
    {
      name: 'good, for 90 days',
      send: good,
      gives: { secret: 'evt_x', token: { name: 'ci', namespaces: { names: ['team-a'] }, expires_at_ms: String(90 * 24 * 3_600_000) } },
    },
    {
      name: 'for all namespaces, for an hour',
      send: { ...good, namespaces: { all: true }, expires_in_ms: 3_600_000 },
      gives: { token: { namespaces: { all: true, names: [] }, expires_at_ms: '3600000' } },
    },
    {
      name: 'for agents of a pool',
      send: { ...good, scopes: ['SCOPE_AGENT'], pools: ['h200', 'h200', 'b200'], labels: map({ zone: 'a' }) },
      gives: { token: { pools: ['h200', 'b200'], labels: map({ zone: 'a' }) } },
    },
    bad('a pool, and no agents', { ...good, pools: ['h200'], labels: map({ zone: 'a' }) }, 'pools', 'labels'),
    bad(
      'bad pools and labels',
      { ...good, scopes: ['SCOPE_AGENT'], pools: ['', 'a b'], labels: map({ pool: 'x' }) },
      ...['pools[0]', 'pools[1]', 'labels.pool'],
    ),
    bad('nothing', {}, 'name', 'scopes', 'namespaces'),
    bad(
      'everything wrong',
      { name: long, scopes: [0, 99], namespaces: { names: ['a b', '', '*'] }, expires_in_ms: 5 },
      ...['name', 'scopes[0]', 'scopes[1]', 'namespaces.names[0]', 'namespaces.names[1]', 'namespaces.names[2]', 'expires_in_ms'],
    ),
    bad('all and some', { ...good, namespaces: { all: true, names: ['a'] } }, 'namespaces.names'),
  ],
  [`${I}/ListTokens`]: [
    { name: 'all', send: {}, gives: { tokens: [{ token_id: token.id, scopes: ['SCOPE_READ'] }], next_page_token: 'next' } },
    bad('a page too large', { page_size: 5000 }, 'page_size'),
  ],
  [`${I}/RevokeToken`]: [
    { name: 'good', send: { token_id: token.id }, gives: { token: { revoked_at_ms: '7', revoked_by: 'local' } } },
    bad('no id', { token_id: 'evt_secret' }, 'token_id'),
  ],
  [`${I}/ListNamespaces`]: [
    {
      name: 'all',
      send: {},
      gives: { namespaces: [{ name: 'team-a', limits: { max_tasks: '5', keep_ms: '1000' }, updated_at_ms: '3', updated_by: 'local' }] },
    },
  ],
  [`${I}/GetNamespace`]: [
    {
      name: 'the default',
      send: {},
      gives: { namespace: { name: 'default', usage: { queued_samples: '7', tasks: '2', content_bytes: '9' } } },
    },
    bad('a bad name', { namespace: 'a/b' }, 'namespace'),
  ],
  [`${I}/SetNamespace`]: [
    {
      name: 'some set, some taken away',
      send: { namespace: 'team-b', limits: { max_queued_samples: 0 }, clear: ['keep-for'] },
      gives: { namespace: { name: 'team-b', limits: { max_queued_samples: '0' }, updated_by: 'local keepMs' } },
    },
    bad(
      'everything wrong',
      { namespace: 'a/b', limits: { max_tasks: -1, first_priority: 11 }, clear: ['max-everything'] },
      ...['namespace', 'limits.maxTasks', 'limits.firstPriority', 'clear[0]'],
    ),
  ],
  [`${I}/CreateJoinToken`]: [
    { name: 'good, for 15 minutes', send: { namespaces: { names: ['a'] } }, gives: { secret: 'evj_x', expires_at_ms: '900000' } },
    {
      name: 'with all',
      send: { name: 'n', pool: 'p', labels: map({ zone: 'eu' }), namespaces: { all: true }, expires_in_ms: 5000 },
      gives: { expires_at_ms: '5000' },
    },
    bad(
      'everything wrong',
      { name: 'a b', pool: 'a b', labels: map({ pool: 'x', '': 'y' }), expires_in_ms: 5 },
      ...['name', 'pool', 'labels.pool', 'labels: a name', 'namespaces', 'expires_in_ms'],
    ),
    { name: 'as long as it may be', send: { namespaces: { all: true }, expires_in_ms: 900_000 }, gives: { expires_at_ms: '900000' } },
    bad('longer', { namespaces: { all: true }, expires_in_ms: 900_001 }, 'expires_in_ms'),
  ],
  [`${I}/ListJoinTokens`]: [
    {
      name: 'all',
      send: {},
      gives: { join_tokens: [{ join_token_id: joinToken.id, labels: map({ zone: 'eu' }), revoked_at_ms: '0' }], next_page_token: 'next' },
    },
    bad('a page too large', { page_size: 5000 }, 'page_size'),
  ],
  [`${I}/RevokeJoinToken`]: [
    {
      name: 'good',
      send: { join_token_id: joinToken.id },
      gives: { join_token: { name: 'gpu-7', pool: 'h200', revoked_at_ms: '7', revoked_by: 'local' } },
    },
    bad('no id', { join_token_id: 'evj_secret' }, 'join_token_id'),
  ],
  [`${I}/Join`]: [
    {
      name: 'good',
      send: { secret: 'evj_x', public_key: Buffer.alloc(32), signature: Buffer.alloc(64), name: 'a' },
      gives: { agent: { agent_id: joinedAgent.agentId, pool: 'h200', labels: map({ zone: 'eu' }) }, server: 'st_1' },
    },
    bad('nothing', {}, 'secret', 'public_key', 'signature', 'name'),
    bad(
      'too much',
      // No more than a caller without an identity may send at all.
      { secret: long.slice(0, 300), public_key: Buffer.alloc(33), signature: Buffer.alloc(65), name: long.slice(0, 300) },
      'secret',
      'public_key',
      'signature',
      'name',
    ),
  ],
  [`${I}/RevokeAgent`]: [
    { name: 'good', send: { agent_id: 'gpu-7' }, gives: { agent: { name: 'gpu-7', revoked_at_ms: '7', revoked_by: 'local' } } },
    bad('none', {}, 'agent_id'),
  ],
  [`${I}/WhoAmI`]: [
    {
      name: 'on this machine',
      send: {},
      gives: { name: 'local', kind: 'local', namespaces: { all: true }, token_id: '', expires_at_ms: '0' },
    },
  ],
};
