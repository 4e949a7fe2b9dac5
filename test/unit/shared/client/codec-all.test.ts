/** Messages of the other methods: to the wire, through the bytes, and back. */
import { describe, expect, test } from 'vitest';
import type { Recovered } from '../../../../shared/client/books.ts';
import { booksFromWire, booksToWire, recoveredFromWire, recoveredToWire } from '../../../../shared/client/codec-books.ts';
import { doneFromWire, droppedToWire, letterFromWire, letterToWire, replayedToWire } from '../../../../shared/client/codec-dead-letters.ts';
import { letter } from '../../../support/rpc-rows/answers.ts';
import { booksOf } from '../../../support/rpc-rows/books-answers.ts';
import { validationFromWire, validationToWire } from '../../../../shared/client/codec-commands.ts';
import { summaryFromWire, summaryToWire } from '../../../../shared/client/codec-evaluation.ts';
import { listChangeFromWire, listChangeToWire } from '../../../../shared/client/codec-list.ts';
import { agentFromWire, agentToWire, clusterFromWire, clusterToWire } from '../../../../shared/client/codec-operator.ts';
import { sampleFromWire, sampleToWire } from '../../../../shared/client/codec-sample.ts';
import type { DeadLettersDone } from '../../../../shared/client/dead-letters.ts';
import type { Sample } from '../../../../shared/client/types.ts';
import { BUFFERED } from '../../../../shared/domain/durability.ts';
import { assayProto } from '../../../../shared/rpc/load.ts';
import { agent, cases, operator } from '../../../support/rpc-rows/answers.ts';
import { ID } from '../../../support/rpc-rows/rows.ts';

const { evaluation: E, operator: O } = assayProto();
const through = (sample: Sample): Sample =>
  sampleFromWire(E.GetSample.responseDeserialize(E.GetSample.responseSerialize({ sample: sampleToWire(sample) })).sample);

describe('there and back', () => {
  test('a sample, with logprobs, failures and images', async () => {
    const sample: Sample = {
      ...(await cases.sample(ID, { unit: 3 })),
      logprobs: [{ token: 'a', logprob: -0.5 }],
      failures: [{ startedAtMs: 1, durationMs: 2.5, errorClass: 'timeout', message: 'late', httpStatus: 504, waitedMs: 3.5 }],
    };
    expect(through(sample)).toEqual(sample);
  });

  test('a summary', async () => {
    const { items } = await cases.list({}, {});
    const wire = E.ListEvaluations.responseSerialize({ evaluations: items.map(summaryToWire) });
    expect(E.ListEvaluations.responseDeserialize(wire).evaluations.map(summaryFromWire)).toMatchObject(
      items.map(({ counts: _counts, ...item }) => ({
        evaluationId: item.evaluationId,
        name: item.name,
        metadata: item.metadata,
        results: item.results,
      })),
    );
  });

  test('a change of a list', async () => {
    for await (const change of cases.watchList({}, 50, new AbortController().signal)) {
      const wire = E.WatchEvaluations.responseSerialize(listChangeToWire(change));
      expect(listChangeFromWire(E.WatchEvaluations.responseDeserialize(wire))).toMatchObject({
        ...change,
        evaluations: change.evaluations.map(({ groups, groupCount }) => ({ summary: { evaluationId: ID }, groups, groupCount })),
      });
    }
  });

  test('a validation: an unknown cost stays unknown', async () => {
    const validation = await cases.validate({ spec: {}, namespace: '' });
    const wire = E.ValidateEvaluation.responseSerialize(validationToWire(validation));
    expect(validationFromWire(E.ValidateEvaluation.responseDeserialize(wire))).toEqual(validation);
  });

  test('an agent, and a change of the cluster', async () => {
    expect(agentFromWire(O.GetAgent.responseDeserialize(O.GetAgent.responseSerialize({ agent: agentToWire(agent) })).agent)).toEqual(agent);
    for await (const change of operator.watchCluster(new AbortController().signal)) {
      const wire = O.WatchCluster.responseSerialize(clusterToWire(change));
      expect(clusterFromWire(O.WatchCluster.responseDeserialize(wire))).toEqual(change);
      // What is not known stays unknown, and 0 is known.
      const told = {
        ...change,
        coordinators: [
          {
            ...{ coordinatorId: 'c', version: '1', address: 'a', startedAtMs: 1, seenAtMs: 2, agents: 3, inFlight: 4, storeId: 's' },
            ...{ limits: { message_bytes: 4_194_304, task_hard_ms: 0 }, profile: 'production' },
          },
        ],
        store: { measuredAtMs: 0, finished: 0, finishedBytes: 0, kept: 0, keptBytes: 0, policy: {}, kind: 's3', place: 's3://b/p' },
        redis: {
          measuredAtMs: 5,
          servers: [
            { address: 'one:1', kind: 'valkey', usedBytes: 2 ** 40, maxBytes: 0, aof: false, replicas: 0, latencyUs: 310, upMs: 0 },
            { address: 'two:2', problem: 'no answer' },
          ],
        },
      };
      expect(clusterFromWire(O.WatchCluster.responseDeserialize(O.WatchCluster.responseSerialize(clusterToWire(told))))).toEqual(told);
    }
  });
});

describe('a sample that is too large for a message', () => {
  test('is cut, fits, and says what was cut', async () => {
    const base = await cases.sample(ID, { unit: 3 });
    const huge = 'ä😀'.repeat(500_000);
    const sample: Sample = {
      ...base,
      result: { ...base.result, completion: huge, reasoning: huge },
      messages: [{ role: 'user', parts: [{ kind: 'text', value: huge }] }, ...base.messages],
      target: [huge, huge],
      metadata: { huge },
      truncated: ['choices'],
    };
    const wire = sampleToWire(sample);
    expect(E.GetSample.responseSerialize({ sample: wire }).length).toBeLessThan(4 * 1024 * 1024);
    const cut = through(sample);
    expect(cut.truncated.toSorted()).toEqual(['choices', 'completion', 'messages[0]', 'metadata', 'reasoning', 'target']);
    expect(cut.messages[1]).toEqual(base.messages[0]);
    expect(cut.metadata).toEqual({});
    expect(cut.result.completion.isWellFormed()).toBe(true);
    expect(huge.startsWith(cut.result.completion.slice(0, -1))).toBe(true);
  });
});

test('dead letters', () => {
  for (const one of [letter, { ...letter, judgeOf: { model: 'openai/x', scorer: 'model_graded_qa' } }]) {
    const wire = E.GetDeadLetter.responseDeserialize(E.GetDeadLetter.responseSerialize({ letter: letterToWire(one) }));
    expect(letterFromWire(wire.letter!)).toEqual(one);
  }
  const evaluations = [
    { evaluationId: 'ev_a', letters: 0, units: 0, problem: 'it is busy' },
    { evaluationId: 'ev_b', letters: 2, units: 7, problem: '', durability: BUFFERED },
  ];
  for (const more of [{}, { durability: BUFFERED }]) {
    const done: DeadLettersDone = { letters: 2, units: 7, evaluations, failed: 1, ...more };
    const replayed = E.ReplayDeadLetters.responseDeserialize(E.ReplayDeadLetters.responseSerialize(replayedToWire(done)));
    expect(doneFromWire(replayed)).toEqual(done);
    const dropped = E.DropDeadLetters.responseDeserialize(E.DropDeadLetters.responseSerialize(droppedToWire(done)));
    expect(doneFromWire(dropped)).toEqual({ ...done, units: 0 });
  }
});

test('books and recoveries', () => {
  const books = booksOf('ev_a');
  const wire = E.VerifyEvaluation.responseDeserialize(E.VerifyEvaluation.responseSerialize({ books: booksToWire(books) }));
  expect(booksFromWire(wire.books!)).toEqual(books);
  const recovered: Recovered = { evaluationId: 'ev_a', state: 'paused', before: books.counts, after: books.counts, generation: 2 };
  for (const one of [recovered, { ...recovered, before: undefined } as unknown as Recovered, { ...recovered, durability: BUFFERED }]) {
    const back = E.RecoverEvaluation.responseDeserialize(E.RecoverEvaluation.responseSerialize(recoveredToWire(one)));
    expect(recoveredFromWire(back)).toEqual(one);
  }
});
