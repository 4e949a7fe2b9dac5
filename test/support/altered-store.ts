/** Alters what lies in a directory store, as a bad disk or a bad hand would. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFrame, readFrames } from '../../shared/runtime/frame-log.ts';
import { contentsOf, parseFrame, type ResultsHeader } from '../../coordinator/store/stored-frame.ts';

interface Result {
  unit: number;
  content: string;
}

async function segmentsOf(store: string, evaluationId: string): Promise<string[]> {
  const folder = join(store, 'evaluations', evaluationId, 'segments');
  return (await readdir(folder)).map((name) => join(folder, name));
}

/** Writes every frame of results anew, with a good checksum; one whose results are all taken out is left out. */
export async function rewriteResults(store: string, evaluationId: string, change: (result: Result) => Result | undefined): Promise<void> {
  for (const file of await segmentsOf(store, evaluationId)) {
    const frames: Buffer[] = [];
    for await (const { payload } of readFrames(file, { maxFrameBytes: 1 << 28 })) {
      const { header, body } = parseFrame(payload)!;
      const changed = header.kind === 'results' ? changedFrame(header, body, change) : payload;
      if (changed) frames.push(encodeFrame(changed));
    }
    await writeFile(file, Buffer.concat(frames));
  }
}

function changedFrame(header: ResultsHeader, body: Buffer, change: (result: Result) => Result | undefined): Buffer | undefined {
  const contents = contentsOf(header, body)!;
  let end = 0;
  const results = header.units.map(([unit, bytes]) => ({ unit, content: contents.toString('utf8', end, (end += bytes)) })).map(change);
  const kept = results.filter((r) => r !== undefined).map(({ unit, content }) => ({ unit, content: Buffer.from(content) }));
  if (kept.length === 0) return undefined;
  const text = Buffer.from(
    // Where batches begin is not true any more, and matters only to what is damaged.
    JSON.stringify({ ...header, start: 0, zstd: false, units: kept.map(({ unit, content }) => [unit, content.length]) }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...kept.map(({ content }) => content)]);
}

/** Flips a bit of the first frame of the first segment that has several. */
export async function flipBit(store: string, evaluationId: string): Promise<() => Promise<void>> {
  const [file] = await segmentsOf(store, evaluationId);
  const before = await readFile(file!);
  const after = Buffer.from(before);
  after[60]! ^= 0x10;
  await writeFile(file!, after);
  return () => writeFile(file!, before);
}
