/** Whether the machine has time for the test itself: where a timer comes late, so does everything else, and times say nothing. */
import { now, type Recorder } from '../history/history.ts';

const EVERY_MS = 50;
/** What timers are late by on a machine that is only busy. */
const LATE_MS = 200;

/** Notes each time that a timer came too late, until it is cleared. */
export function noteSleep(recorder: Recorder): NodeJS.Timeout {
  let last = now();
  return setInterval(() => {
    const ms = Math.round(now() - last - EVERY_MS);
    last = now();
    if (ms > LATE_MS) recorder.note('rig', { what: 'slept', ms });
  }, EVERY_MS).unref();
}
