/** Many pages in one process: `node pages.ts URL PATH…`, forked; each path is a stream of events, over a connection of its own as a browser has it. */
import { request } from 'node:http';
import { Lags, type Lag } from './lags.ts';

/** What a process of pages has seen since it was asked last. */
export interface Paged {
  /** By the time of the last event in each message. */
  lag: Lag;
  /** Page, evaluation, number and time of arrival of each message. */
  messages: [number, string, number, number][];
  open: number;
  ended: number;
}

const [url, ...paths] = process.argv.slice(2) as [string, ...string[]];
const lags = new Lags();
const told = { open: 0, ended: 0 };
let messages: Paged['messages'] = [];

for (const [page, path] of paths.entries()) {
  let rest = '';
  const asked = request(`${url}/api/v1${path}`, { agent: false, headers: { accept: 'text/event-stream' } }, (response) => {
    response.setEncoding('utf8');
    told.open++;
    response.on('data', (chunk: string) => {
      const now = Date.now();
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const [, number] = /^id: \d+-(\d+)$/m.exec(block) ?? [];
        const [, kind] = /^event: (\w+)$/m.exec(block) ?? [];
        const [, timeMs] = /"timeMs":(\d+)/.exec(block) ?? [];
        if (kind === 'snapshot' || timeMs === undefined) continue;
        lags.add(now - Number(timeMs));
        if (number !== undefined) messages.push([page, path.split('/')[2]!, Number(number), now]);
      }
    });
    response.on('close', () => told.ended++);
  });
  asked.on('error', () => told.ended++);
  asked.end();
}
process.on('message', () => {
  process.send!({ lag: lags.take(), messages, ...told } satisfies Paged);
  messages = [];
});
process.on('disconnect', () => process.exit());
