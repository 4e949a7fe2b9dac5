/** What the page makes of lists that are told as they change, and of streams that fail. */
import { expect, test } from 'vitest';
import { CallError } from '../../../dashboard/src/api.ts';
import { after } from '../../../dashboard/src/listed.ts';
import { againMs, isForNow, pauseMs, remedyOf, sentence } from '../../../dashboard/src/trouble.ts';
import type { ListChange, ListedEvaluation } from '../../../shared/client/types.ts';
import { HTTP_STATUS } from '../../../shared/http/errors.ts';

const entry = (evaluationId: string, createdAtMs: number, name = ''): ListedEvaluation =>
  ({ summary: { evaluationId, createdAtMs, name }, groups: [], groupCount: 0 }) as unknown as ListedEvaluation;
const change = (evaluations: ListedEvaluation[], more: Partial<ListChange> = {}): ListChange => ({
  ...{ timeMs: 1, snapshot: false, evaluations, removedEvaluationIds: [], nextToken: '' },
  ...more,
});

test('a list is in order whatever comes first, and forgets what is gone', () => {
  const first = after(undefined, change([entry('a', 1), entry('b', 2)], { snapshot: true, nextToken: 'n' }));
  expect([first.entries.map((e) => e.summary.evaluationId), first.nextToken]).toEqual([['b', 'a'], 'n']);
  const second = after(first, change([entry('d', 2), entry('a', 1, 'renamed'), entry('c', 3)], { removedEvaluationIds: ['b'] }));
  expect(second.entries.map(({ summary }) => [summary.evaluationId, summary.name])).toEqual([
    ['c', ''],
    ['d', ''],
    ['a', 'renamed'],
  ]);
  expect(first.entries).toHaveLength(2);
  // Whoever comes again begins anew.
  expect(after(second, change([entry('e', 1)], { snapshot: true })).entries).toHaveLength(1);
});

test('tries come ever later, and never before the coordinator has said', () => {
  expect([1, 2, 3, 6, 100].map((failures) => pauseMs(failures))).toEqual([1_000, 2_000, 4_000, 30_000, 30_000]);
  expect([pauseMs(1, 5_000), pauseMs(9, 5_000)]).toEqual([5_000, 30_000]);
});

test('what stays as it is without somebody’s doing is not tried again, and says what to do', () => {
  const errors = Object.keys(HTTP_STATUS).map((code) => new CallError({ code, message: 'm' }));
  const stay = errors.filter((error) => !isForNow(error)).map(({ code }) => code);
  expect(stay.toSorted()).toEqual(['failed_precondition', 'invalid', 'not_found', 'permission_denied', 'unimplemented']);
  expect(remedyOf(new CallError({ code: 'permission_denied', message: '' }))).toContain('token');
  expect([sentence('no more'), sentence('No more.'), sentence('why?')]).toEqual(['no more.', 'No more.', 'why?']);
});

test('what was answered is asked for again where it changes, what was not until it is, and what is denied never', () => {
  const lost = new CallError({ code: 'unavailable', message: '' });
  const full = new CallError({ code: 'resource_exhausted', message: '', retryAfterMs: 7_000 });
  const denied = new CallError({ code: 'permission_denied', message: '' });
  expect([againMs(0, 0), againMs(2_000, 0)]).toEqual([undefined, 2_000]);
  expect([againMs(0, 1, lost), againMs(0, 3, lost), againMs(2_000, 3, lost)]).toEqual([1_000, 4_000, 2_000]);
  expect([againMs(0, 1, full), againMs(2_000, 1, full), againMs(10_000, 1, full)]).toEqual([7_000, 7_000, 10_000]);
  expect([againMs(0, 1, denied), againMs(2_000, 1, denied)]).toEqual([undefined, undefined]);
});
