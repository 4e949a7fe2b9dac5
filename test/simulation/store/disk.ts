/** What a simulated store keeps, and its changes, each done at once: the rules of `Store` without the time that they take. */
import { buildResultIndex } from '../../../coordinator/store/result-index.ts';
import { controlSchema, floorsOf } from '../../../coordinator/store/control-records.ts';
import type { ControlRecord, ResultIndex } from '../../../coordinator/store/store.ts';
import { END_FRAME, placeFrame, type PreparedFrame } from '../../../coordinator/store/stored-frame.ts';
import type { SegmentFiles, SegmentKind } from '../../../coordinator/store/segment-files.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { digestOf, isEvaluationId } from '../../../shared/domain/ids.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';

export interface Folder {
  manifest: Manifest;
  state: 'staged' | 'accepted' | 'finished';
  controls: ControlRecord[];
  /** By name; never changed once written. */
  segments: Map<string, Buffer>;
  voids: Map<string, Buffer>;
  /** Pieces of lines, by their number. */
  logs: Map<number, Buffer>;
  generation: number;
  /** Its end, by the world's clock; the last one, where it was reopened. */
  finishedAt?: number;
  report?: Buffer;
  unitCodes?: Buffer | undefined;
}

export class Disk {
  readonly #now: () => number;
  readonly contents = new Map<string, Buffer>();
  /** Namespace and digest. */
  readonly claims = new Set<string>();
  readonly evaluations = new Map<string, Folder>();
  readonly switches = new Map<string, Map<string, string>>();
  /** Per chain of the audit log: its pieces by the number of their first entry. */
  readonly audit = new Map<string, Map<number, Buffer>>();
  #segments = 0;

  /** now: the world's time. */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  find(evaluationId: string): Folder | undefined {
    if (!isEvaluationId(evaluationId)) throw new AppError('not_found', `${JSON.stringify(evaluationId)} is no id of an evaluation`);
    return this.evaluations.get(evaluationId);
  }

  at(evaluationId: string): Folder {
    const folder = this.find(evaluationId);
    if (!folder) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
    return folder;
  }

  stage(manifest: Manifest): Manifest {
    const there = this.find(manifest.evaluationId);
    if (there) return there.manifest;
    this.evaluations.set(manifest.evaluationId, {
      manifest,
      state: 'staged',
      controls: [],
      segments: new Map(),
      voids: new Map(),
      logs: new Map(),
      generation: 1,
    });
    return manifest;
  }

  markAccepted(evaluationId: string): boolean {
    const folder = this.at(evaluationId);
    if (folder.state !== 'staged') return false;
    folder.state = 'accepted';
    return true;
  }

  markFinished(evaluationId: string, report: string): boolean {
    const folder = this.at(evaluationId);
    if (!folder.report || digestOf(folder.report) !== report) return false;
    if (folder.state !== 'finished') folder.finishedAt = this.#now();
    folder.state = 'finished';
    return true;
  }

  drop(evaluationId: string, from: 'staged' | 'finished'): void {
    const folder = this.find(evaluationId);
    if (folder && folder.state !== from) throw new AppError('failed_precondition', `${evaluationId} is ${folder.state}`);
    this.evaluations.delete(evaluationId);
  }

  reopen(evaluationId: string): void {
    const folder = this.at(evaluationId);
    if (folder.state === 'staged') throw new AppError('not_found', `${evaluationId} is not accepted`);
    folder.state = 'accepted';
    delete folder.report;
    delete folder.unitCodes;
  }

  unfinished(): string[] {
    return [...this.evaluations].filter(([, { state }]) => state !== 'finished').map(([id]) => id);
  }

  append(evaluationId: string, kind: SegmentKind, frames: readonly PreparedFrame[]): void {
    const bytes = Buffer.concat(frames.map((frame) => placeFrame(frame, 0)));
    const name = `${String(this.#segments++).padStart(8, '0')}.log`;
    this.at(evaluationId)[kind].set(name, Buffer.concat([bytes, placeFrame(END_FRAME, bytes.length)]));
  }

  appendControl(evaluationId: string, record: ControlRecord): void {
    this.at(evaluationId).controls.push(controlSchema.parse(record));
  }

  claimGeneration(evaluationId: string, generation: number): boolean {
    const folder = this.at(evaluationId);
    if (generation <= folder.generation) return false;
    folder.generation = generation;
    return true;
  }

  sizeOf(evaluationId: string): number {
    const folder = this.find(evaluationId);
    if (!folder) return 0;
    const { manifest, controls, segments, voids, logs, report } = folder;
    const written = [...segments.values(), ...voids.values(), ...logs.values(), ...(report ? [report] : [])];
    return written.reduce((sum, { length }) => sum + length, JSON.stringify({ manifest, controls }).length);
  }

  filesOf(evaluationId: string): SegmentFiles {
    return this.#filesOf(this.at(evaluationId));
  }

  openResults(evaluationId: string, voided: 'never' | 'last'): Promise<ResultIndex> {
    const folder = this.at(evaluationId);
    const counts = floorsOf(folder.controls, folder.manifest.units);
    return buildResultIndex({
      evaluationId,
      files: this.#filesOf(folder),
      units: folder.manifest.units,
      voided,
      ...(counts ? { counts } : {}),
    });
  }

  #filesOf(folder: Folder): SegmentFiles {
    const isThere = (): boolean => this.evaluations.get(folder.manifest.evaluationId) === folder;
    return {
      names: async (kind) => [...folder[kind].keys()],
      open: async (kind, name) => {
        const bytes = isThere() ? folder[kind].get(name) : undefined;
        return (
          bytes && {
            size: bytes.length,
            read: async (position: number, length: number) => bytes.subarray(position, position + length),
            close: async () => undefined,
          }
        );
      },
    };
  }
}
