/** How the segments of an evaluation are found and read, wherever a store keeps them. */
import { join } from 'node:path';
import { openFileSource, type ByteSource } from '../../shared/runtime/frame-log.ts';
import { ifPresent, namesIn } from './files.ts';

/** Voids have segments of their own, so that a reader knows them all before it looks at the first result. */
export const SEGMENT_KINDS = ['segments', 'voids'] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

export interface SegmentFiles {
  /** Names of all that are there, in the order that decides between equal grants. */
  names(kind: SegmentKind): Promise<string[]>;
  /** Undefined: it is not there any more. */
  open(kind: SegmentKind, name: string): Promise<ByteSource | undefined>;
}

/** The segments in the folder of an evaluation. */
export const segmentFilesIn = (folder: string): SegmentFiles => ({
  names: (kind) => namesIn(join(folder, kind)),
  open: (kind, name) => ifPresent(() => openFileSource(join(folder, kind, name))),
});
