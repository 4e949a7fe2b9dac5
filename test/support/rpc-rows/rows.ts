/** A row of the table of RPCs: what is sent, and what must come back. */
import { EVALUATION_ID } from '../rpc.ts';

export const ID = EVALUATION_ID;
export const DIGEST = `sha256:${'0'.repeat(64)}`;
export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
/** A map as it is on the wire, which is how a client without map types sees it. */
export const map = (entries: Record<string, string>): object[] => Object.entries(entries).map(([key, value]) => ({ key, value }));
export const long = 'x'.repeat(2001);

/** `gives`: part of the first answer. `fields`: the places of all faults, in order. */
export type Row = { name: string; send: object | object[] } & (
  | { gives: object; answers?: number }
  | { code: string; fields?: string[]; reason?: string; metadata?: object; retry?: object; says?: RegExp }
);
export const bad = (name: string, send: object | object[], ...fields: string[]): Row => ({ name, send, code: 'INVALID_ARGUMENT', fields });
export const filterRows = (more: object = {}): Row[] => [
  bad('neither id nor filter', {}, 'evaluation_id'),
  bad('id and filter', { evaluation_id: ID, filter: { name: 'x' }, ...more }, 'filter'),
  bad('a wrong id, a long reason', { evaluation_id: 'ev_x', reason: long, ...more }, 'evaluation_id', 'reason'),
];

export const E = 'assay.v1.EvaluationService';
export const O = 'assay.v1.OperatorService';
