/**
 * Benchmarks of the main job, as one JSON document on stdout: `npm run bench [-- rounds]`. Rounds are interleaved with the
 * peers, because a shared machine drifts by a factor of two within minutes: compare ratios of one round, not rates.
 */
import { measure, type Measured } from './workload.ts';
import { bullmq, bullmqMissing, celery, celeryMissing, type PeerFigures } from './peers.ts';

const rounds = Math.max(1, Math.min(10, Number(process.argv[2] ?? 3)));
const ONE_SAMPLE_TASKS = 10_000;
const PEER_TASKS = 4_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

interface Round {
  oneSampleTasks: Measured;
  fiftySampleTasks: Measured;
  celery?: PeerFigures;
  bullmq?: PeerFigures;
}

const done: Round[] = [];
for (let i = 0; i < rounds; i++) {
  say(`round ${i + 1} of ${rounds}: one-sample tasks`);
  const oneSampleTasks = await measure({ samples: ONE_SAMPLE_TASKS, perTask: 1 });
  const round: Round = { oneSampleTasks, fiftySampleTasks: await measure({ samples: 5 * ONE_SAMPLE_TASKS, perTask: 50 }) };
  if (!celeryMissing()) {
    say('  Celery');
    round.celery = await celery(PEER_TASKS);
  }
  if (!bullmqMissing()) {
    say('  BullMQ');
    round.bullmq = await bullmq(2 * ONE_SAMPLE_TASKS);
  }
  done.push(round);
}
say('memory at 1,000 and 100,000 samples');
const small = await measure({ samples: 1_000, perTask: 50 });
const large = await measure({ samples: 100_000, perTask: 50 });

const ratio = (of: (r: Round) => number | undefined): number | undefined => {
  const values = done.map(of).filter((v) => v !== undefined);
  return values.length > 0 ? Number(median(values).toFixed(2)) : undefined;
};
process.stdout.write(
  `${JSON.stringify(
    {
      rounds: done,
      medians: {
        oneSampleTasksPerSecond: median(done.map((r) => r.oneSampleTasks.perSecond)),
        samplesPerSecondInTasksOf50: median(done.map((r) => r.fiftySampleTasks.perSecond)),
        overCelerySubmitToResult: ratio((r) => r.celery && r.oneSampleTasks.perSecond / r.celery.submitToResult),
        overCeleryDrain: ratio((r) => r.celery?.drain && r.oneSampleTasks.perSecond / r.celery.drain),
        overRawBullmq: ratio((r) => r.bullmq && r.oneSampleTasks.perSecond / r.bullmq.submitToResult),
      },
      skipped: [celeryMissing(), bullmqMissing()].filter((why) => why !== ''),
      memory: { samples1000: small.peakMiB, samples100000: large.peakMiB, redisPeakBytesAt100000: large.redisPeakBytes },
    },
    null,
    2,
  )}\n`,
);
