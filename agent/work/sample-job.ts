/** One unit to be run: its line, and what it shares with the others of its task. */
import type { Context } from './context-cache.ts';

export interface SampleJob {
  unit: number;
  epoch: number;
  ordinal: number;
  line: Buffer;
  context: Context;
  /** Agents have crashed while they ran it: it runs beside no other such sample. */
  isSuspect?: boolean;
}
