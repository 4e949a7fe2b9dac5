/** Loaded before `agent/main.ts`: writes down what the agent takes, begins, spools, sends, and has acknowledged. It changes nothing. */
import { Spool } from '../../../agent/spool/spool.ts';
import { Attempt } from '../../../agent/work/attempt.ts';
import { Outbox } from '../../../agent/work/outbox.ts';
import { Work } from '../../../agent/work/work.ts';
import { collectOnSignal } from './collecting.ts';
import { digestOf, now, openLog } from './log.ts';

collectOnSignal();
const note = openLog();

type Args<P, K extends keyof P> = P[K] extends (...args: infer A) => unknown ? A : never;
type Answer<P, K extends keyof P> = P[K] extends (...args: never[]) => infer R ? R : never;

/** Puts a function around a method; it gets the method, bound to its object, the object, and what it was called with. */
function around<P extends object, K extends keyof P & string>(
  prototype: P,
  name: K,
  wrap: (call: (...args: Args<P, K>) => Answer<P, K>, self: P, ...args: Args<P, K>) => unknown,
): void {
  const original = prototype[name] as (...args: unknown[]) => unknown;
  function wrapped(this: P, ...args: Args<P, K>): unknown {
    return wrap((...own) => Reflect.apply(original, this, own) as Answer<P, K>, this, ...args);
  }
  Object.defineProperty(prototype, name, { value: wrapped, configurable: true });
}

around(Work.prototype, 'onStream', (call) => {
  note({ what: 'welcomed' });
  return call();
});
around(Outbox.prototype, 'close', (call) => {
  note({ what: 'parted' });
  return call();
});
around(Work.prototype, 'assign', (call, _self, assignment) => {
  const { attemptId, evaluationId, taskId, samples } = assignment;
  // A process that is stopped in here comes to write it down when others have the samples.
  const t = now();
  const declined = call(assignment);
  if (!declined)
    note({ what: 'taken', t, evaluation: evaluationId, attempt: attemptId, task: taskId, units: samples.map(({ unit }) => unit) });
  return declined;
});
around(Attempt.prototype, 'started', (call, self, unit) => {
  note({ what: 'begun', attempt: self.ref.attemptId, unit });
  return call(unit);
});
around(Spool.prototype, 'append', async (call, _self, ref, unit, content) => {
  // Before it is on disk: a process that is killed between the two has sent it nevertheless, after its next start.
  note({ what: 'finished', attempt: ref.attemptId, unit, digest: digestOf(content) });
  const isDurable = await call(ref, unit, content);
  if (isDurable) note({ what: 'spooled', attempt: ref.attemptId, unit });
  return isDurable;
});
around(Outbox.prototype, 'next', async (call, _self, signal) => {
  const reports = await call(signal);
  for (const { attemptId, results } of reports) note({ what: 'sent', attempt: attemptId, units: results.map(({ unit }) => unit) });
  return reports;
});
/** `attempt unit` of all that this process has let go of: its acknowledgement is none of a result. */
const spared = new Set<string>();
around(Attempt.prototype, 'spare', (call, self, samples) => {
  const { attemptId: attempt } = self.ref;
  const before = new Set(self.spared);
  const found = call(samples);
  const units = self.spared.filter((unit) => !before.has(unit));
  for (const unit of units) spared.add(`${attempt} ${unit}`);
  if (units.length > 0) note({ what: 'spared', attempt, units });
  return found;
});
around(Work.prototype, 'acknowledge', (call, _self, acks) => {
  for (const { attemptId: attempt, units, lost } of acks) {
    const results = units.filter((unit) => !spared.has(`${attempt} ${unit}`));
    if (results.length > 0 || lost) note({ what: 'acked', attempt, units: results, lost });
  }
  return call(acks);
});
around(Work.prototype, 'fence', (call, _self, why) => {
  note({ what: 'fenced', why });
  return call(why);
});
around(Work.prototype, 'lose', (call, _self, attempts, why) => {
  if (attempts.length > 0) note({ what: 'lost', attempts: [...attempts], why });
  return call(attempts, why);
});
