/** Reads the frames of segments one after the other, and tells damage from a torn tail. */
import { readFrames } from '../../shared/runtime/frame-log.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { SegmentFiles, SegmentKind } from './segment-files.ts';
import type { StoredFrame } from './store.ts';
import { MAX_STORED_FRAME_BYTES, contentsOf, damagedSegment, parseFrame, voidFramesOf, type Header } from './stored-frame.ts';
import { Voids } from './voids.ts';

/** Whose segments, and where they are. */
export interface SegmentSource {
  evaluationId: string;
  files: SegmentFiles;
}

export interface PlacedFrame {
  header: Header;
  body: Buffer;
  offset: number;
  payloadBytes: number;
}

/** Visits the sound frames of a segment; throws `internal` if one that was durable is not sound any more. */
export async function readSegment(
  { evaluationId, files }: SegmentSource,
  kind: SegmentKind,
  name: string,
  visit: (frame: PlacedFrame) => void,
): Promise<void> {
  const damages: number[] = [];
  let durable = 0;
  const onDamage = (offset: number): void => void damages.push(offset);
  const source = await files.open(kind, name);
  // It held nothing durable and its writer has removed it since the listing, or all of it lies in a later one too.
  if (!source) return;
  for await (const { offset, payload } of readFrames(source, { maxFrameBytes: MAX_STORED_FRAME_BYTES, onDamage })) {
    const parsed = parseFrame(payload);
    if (!parsed) throw damagedSegment(evaluationId, name, offset, 'a frame of another version');
    durable = Math.max(durable, parsed.header.start);
    visit({ ...parsed, offset, payloadBytes: payload.length });
  }
  const lost = damages.find((offset) => offset < durable);
  if (lost !== undefined) throw damagedSegment(evaluationId, name, lost, 'its checksum is wrong');
}

export async function readVoids(source: SegmentSource): Promise<Voids> {
  const voids = new Voids();
  for (const name of await source.files.names('voids'))
    await readSegment(source, 'voids', name, ({ header }) => {
      if (header.kind !== 'voids') return;
      for (const frame of voidFramesOf(header))
        if (frame.kind === 'seal') voids.seal(frame.generation, frame.voids);
        else voids.add(frame);
    });
  return voids;
}

/** Visits every frame of an evaluation, the voids first. Of a damaged segment what can be read; returns what is damaged. */
export async function visitSegments(source: SegmentSource, visit: (frame: StoredFrame) => void): Promise<AppError[]> {
  const damaged: AppError[] = [];
  for (const kind of ['voids', 'segments'] as const) {
    for (const name of await source.files.names(kind)) {
      try {
        await readSegment(source, kind, name, ({ header, body, offset }) => {
          if (header.kind === 'voids') for (const frame of voidFramesOf(header)) visit(frame);
          if (header.kind !== 'results') return;
          const contents = contentsOf(header, body);
          if (!contents) throw damagedSegment(source.evaluationId, name, offset, 'its contents cannot be decoded');
          const { taskId, attemptId, agentId, grant } = header;
          let end = 0;
          const results = header.units.map(([unit, bytes]) => ({ unit, content: contents.subarray(end, (end += bytes)) }));
          visit({ kind: 'results', taskId, attemptId, agentId, grant, results });
        });
      } catch (error) {
        const problem = AppError.from(error);
        if (problem.code !== 'internal') throw error;
        damaged.push(problem);
      }
    }
  }
  return damaged;
}
