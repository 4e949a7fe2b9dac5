/**
 * Many gRPC watchers in one process: `node watchers.ts ADDRESS CONNECTIONS ID…`, forked; one watcher for each id that is named. They read
 * frames as they come and decode of each event only its head (cursor, time), so that what is measured is the coordinator.
 */
import { connect } from 'node:http2';
import { assayProto } from '../../../shared/rpc/load.ts';
import { framed, openRaw } from '../../support/raw-grpc.ts';
import { Lags, type Lag } from './lags.ts';

/** What a process of watchers has seen since it was asked last. */
export interface Watched {
  lag: Lag;
  /** Since they began: watchers with a picture, events that did not follow the one before, pictures after the first, and watchers that ended. */
  open: number;
  gaps: number;
  resyncs: number;
  ended: number;
}

const [address, connections, ...ids] = process.argv.slice(2) as [string, string, ...string[]];
const lags = new Lags();
const told = { open: 0, gaps: 0, resyncs: 0, ended: 0 };
/** Of a picture, behind cursor and time. */
const SNAPSHOT = 0x1a;

/** Reads the head of an event: its number, its time, whether it is a picture. */
function headOf(message: Buffer): { number: number; timeMs: number; isPicture: boolean } {
  let [at, number, timeMs] = [0, 0, 0];
  if (message[at] === 0x0a) {
    const end = at + 2 + message[at + 1]!;
    number = Number(message.toString('latin1', at + 2, end).split('-')[1]);
    at = end;
  }
  if (message[at] === 0x10) {
    let scale = 1;
    for (at++; ; at++, scale *= 128) {
      timeMs += (message[at]! & 127) * scale;
      if (message[at]! < 128) break;
    }
    at++;
  }
  return { number, timeMs, isPicture: message[at] === SNAPSHOT };
}

class Watcher {
  #rest: Buffer = Buffer.alloc(0);
  #last: number | undefined;

  take(chunk: Buffer): void {
    const now = Date.now();
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length >= 5) {
      const end = 5 + bytes.readUInt32BE(1);
      if (bytes.length < end) break;
      this.#see(headOf(bytes.subarray(5, end)), now);
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }

  #see({ number, timeMs, isPicture }: ReturnType<typeof headOf>, now: number): void {
    if (isPicture) told[this.#last === undefined ? 'open' : 'resyncs']++;
    else {
      lags.add(now - timeMs);
      if (number !== this.#last! + 1) told.gaps++;
    }
    this.#last = number;
  }
}

const { path, requestSerialize } = assayProto().evaluation.WatchEvaluation;
const sessions = Array.from({ length: Number(connections) }, () => connect(`http://${address}`));
for (const [i, evaluationId] of ids.entries()) {
  const watcher = new Watcher();
  const { call } = openRaw(sessions[i % sessions.length]!, path, {});
  call.on('data', (chunk: Buffer) => watcher.take(chunk));
  call.on('close', () => told.ended++);
  call.end(framed(requestSerialize({ evaluationId, cursor: '' })));
}
process.on('message', () => process.send!({ lag: lags.take(), ...told } satisfies Watched));
process.on('disconnect', () => process.exit());
