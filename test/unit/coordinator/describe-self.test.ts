/** What a coordinator tells of its limits: people are told in words of each, by the name of the setting. */
import { expect, test } from 'vitest';
import { parseCoordinatorConfig } from '../../../coordinator/config.ts';
import { limitsInForce } from '../../../coordinator/describe-self.ts';
import { LIMIT_WORDS } from '../../../shared/domain/limit-words.ts';

const NEEDED = ['--redis', 'redis://h:6379', '--store', '/s'];
/** Bounds that nobody can set. */
const FIXED = [
  'message_bytes',
  'small_message_bytes',
  'body_bytes',
  'calls_per_identity',
  'streams_per_identity',
  'http_streams_per_identity',
];
const SET = {
  ...{ max_content_bytes: 20_000_000, max_connections: 101, max_connections_per_peer: 51, max_streams_per_connection: 21 },
  ...{ max_messages_per_second: 301, max_pending_bytes: 40_000_000, max_pending_bytes_per_peer: 30_000_000, call_ms: 41_000 },
  ...{ slow_ms: 31_000, max_unfinished: 501, redis_headroom_percent: 11, store_headroom_bytes: 10_000_000, keep_log_bytes: 5_000_000 },
  ...{ lease_ms: 17_000, heartbeat_ms: 4000, task_soft_ms: 700_000, task_hard_ms: 900_000 },
};

test('the page and the command line have words for every limit, and for no other', async () => {
  const limits = limitsInForce(await parseCoordinatorConfig(NEEDED, {}));
  expect(Object.keys(limits).toSorted()).toEqual(Object.keys(LIMIT_WORDS).toSorted());
});

test('what is not fixed has the name of the setting that sets it', async () => {
  const settings = Object.entries(SET).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`);
  const limits = limitsInForce(await parseCoordinatorConfig([...NEEDED, ...settings], {}));
  expect(limits).toMatchObject(SET);
  expect(Object.keys(limits).toSorted()).toEqual([...FIXED, ...Object.keys(SET)].toSorted());
});
