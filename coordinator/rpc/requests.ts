/** Parts that several requests share, from the wire and checked: all their faults go to the request's `Checks`. */
import { AppError } from '../../shared/domain/errors.ts';
import { textTooDeep } from '../../shared/domain/json-depth.ts';
import { nearestName } from '../../shared/domain/nearest-name.ts';
import { ERROR_CLASSES } from '../../shared/domain/result.ts';
import { specValueOf } from '../../shared/domain/spec.ts';
import { limitsFromWire } from '../../shared/client/codec-evaluation.ts';
import { knownStage, knownState, knownUnitState } from '../../shared/client/codec-words.ts';
import type { EvaluationChoice, EvaluationFilter, PageRequest, SampleFilter, SampleLimits } from '../../shared/client/types.ts';
import { durabilityFromWire } from '../../shared/client/codec-durability.ts';
import { MAX_REPLICAS, type Durability } from '../../shared/domain/durability.ts';
import type { Checks } from '../../shared/rpc/checks.ts';
import type { Durability__Output } from '../../shared/rpc/gen/assay/v1/Durability.ts';
import type { EvaluationFilter__Output } from '../../shared/rpc/gen/assay/v1/EvaluationFilter.ts';
import type { SampleFilter__Output } from '../../shared/rpc/gen/assay/v1/SampleFilter.ts';
import type { SampleLimits__Output } from '../../shared/rpc/gen/assay/v1/SampleLimits.ts';

/** The form of a namespace's name. */
export const NAMESPACE = /^[\w.-]{1,64}$/;
/** Bounds on requests; `docs/api.md` names them. */
export const MAX = {
  pageSize: 1000,
  token: 2000,
  reason: 1000,
  name: 200,
  tags: 50,
  metadataBytes: 1 << 20,
  metadataDepth: 100,
  conditions: 50,
  value: 1000,
  samples: 10_000,
  sampleId: 1000,
  epochs: 1000,
  seconds: 604_800,
};

export function readNamespace(checks: Checks, value: string, place = 'namespace'): string {
  if (value !== '') checks.form(place, value, NAMESPACE, '1 to 64 letters, digits, . _ or -');
  return value || 'default';
}

/** What the client demands of Redis; undefined: nothing. */
export function readDurability(checks: Checks, wire: Durability__Output | null | undefined): Durability | undefined {
  if (!wire || wire.kind === 'DURABILITY_CLASS_UNSPECIFIED') return undefined;
  const durability = durabilityFromWire(wire);
  if (!durability) {
    checks.fault('required_durability.kind', `${JSON.stringify(wire.kind)} is not a durability class`);
    return undefined;
  }
  const isReplicated = durability.class.startsWith('replicated');
  checks.int('required_durability.replicas', durability.replicas, isReplicated ? MAX_REPLICAS : 0, isReplicated ? 1 : 0);
  return durability;
}

/** The spec as parsed JSON of unknown shape. */
export function readSpec(checks: Checks, json: Buffer): unknown {
  try {
    return specValueOf(json);
  } catch (error) {
    checks.fault('spec_json', AppError.from(error).message);
    return undefined;
  }
}

export function readPage(checks: Checks, { pageSize, pageToken }: { pageSize: number; pageToken: string }): PageRequest {
  checks.int('page_size', pageSize, MAX.pageSize);
  checks.text('page_token', pageToken, MAX.token);
  return { size: pageSize, token: pageToken };
}

/** One JSON object in UTF-8. */
export function readMetadata(checks: Checks, place: string, json: Buffer): Record<string, unknown> {
  let problem = 'is not one JSON object in UTF-8';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
    if (json.length > MAX.metadataBytes) problem = `has ${json.length} bytes; at most ${MAX.metadataBytes} are allowed`;
    else if (textTooDeep(text, MAX.metadataDepth)) problem = `is more than ${MAX.metadataDepth} levels deep`;
    else {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    }
  } catch {
    // no UTF-8, or no JSON
  }
  checks.fault(place, problem);
  return {};
}

export function readTags(checks: Checks, place: string, tags: readonly string[]): string[] {
  return checks.list(place, tags, MAX.tags).map((tag, i) => checks.text(`${place}[${i}]`, tag, MAX.name, 1));
}

export function readLimits(checks: Checks, wire: SampleLimits__Output): SampleLimits {
  const limits = limitsFromWire(wire);
  for (const key of ['time', 'working'] as const) {
    const seconds = limits[key];
    if (seconds !== undefined && !(seconds > 0 && seconds <= MAX.seconds))
      checks.fault(`limits.${key}`, `${seconds} is not a number of seconds above 0, up to ${MAX.seconds}`);
  }
  if (limits.tokens !== undefined) checks.int('limits.tokens', limits.tokens, Number.MAX_SAFE_INTEGER, 1);
  return limits;
}

/** Only the fields that are set. */
export function readEvaluationFilter(checks: Checks, wire: EvaluationFilter__Output): EvaluationFilter {
  const { states, name, tags, metadata, owner, createdFromMs, createdToMs, namespace } = wire;
  const filter: EvaluationFilter = {};
  if (states.length > 0)
    filter.states = checks.list('filter.states', states, MAX.conditions).flatMap((state, i) => {
      const known = knownState(state);
      if (!known) checks.fault(`filter.states[${i}]`, `${JSON.stringify(state)} is not a state of an evaluation`);
      return known ?? [];
    });
  if (name !== '') filter.name = checks.text('filter.name', name, MAX.name);
  if (tags.length > 0) filter.tags = readTags(checks, 'filter.tags', tags);
  Object.assign(filter, readConditions(checks, metadata));
  if (owner !== '') filter.owner = checks.text('filter.owner', owner, MAX.name);
  const [from, to] = readSpan(checks, 'filter.created', createdFromMs, createdToMs);
  if (from > 0) filter.createdFromMs = from;
  if (to > 0) filter.createdToMs = to;
  if (namespace !== '') {
    checks.form('filter.namespace', namespace, NAMESPACE, '1 to 64 letters, digits, . _ or -');
    filter.namespace = namespace;
  }
  return filter;
}

/** Of metadata, as one of the fields of a filter. */
function readConditions(checks: Checks, wire: Record<string, string>): { metadata?: Record<string, string> } {
  const conditions = checks.list('filter.metadata', Object.entries(wire), MAX.conditions);
  if (conditions.length === 0) return {};
  return {
    metadata: Object.fromEntries(
      conditions.map(([key, value]) => [
        checks.text('filter.metadata: a key', key, MAX.name, 1),
        checks.text(`filter.metadata.${key.slice(0, 100)}`, value, MAX.value),
      ]),
    ),
  };
}

/** Either one evaluation or a filter. `refusesEmpty`: a filter without any condition is most likely a mistake. */
export function readChoice(
  checks: Checks,
  { evaluationId, filter }: { evaluationId: string; filter: EvaluationFilter__Output | null },
  { refusesEmpty = false } = {},
): EvaluationChoice {
  if (evaluationId !== '' && filter) checks.fault('filter', 'goes not with evaluation_id: send one of the two');
  if (evaluationId === '' && !filter) checks.fault('evaluation_id', 'is missing: send evaluation_id, or a filter for several evaluations');
  if (evaluationId !== '') checks.evaluationId('evaluation_id', evaluationId);
  if (!filter) return { evaluationId };
  const read = readEvaluationFilter(checks, filter);
  if (refusesEmpty && evaluationId === '' && Object.keys(read).length === 0)
    checks.fault('filter', 'is empty, which would mean every evaluation: name at least one condition');
  return { filter: read };
}

/** From when on, and before when; 0: whenever. */
function readSpan(checks: Checks, place: string, fromMs: string, toMs: string): [fromMs: number, toMs: number] {
  const from = checks.int(`${place}_from_ms`, fromMs);
  const to = checks.int(`${place}_to_ms`, toMs);
  if (from > 0 && to > 0 && from >= to)
    checks.fault(`${place}_to_ms`, `${to} is not after ${place.split('.').at(-1)}_from_ms (${from}): nothing can match`);
  return [from, to];
}

/** Only the fields that are set. */
export function readSampleFilter(checks: Checks, wire: SampleFilter__Output | null): SampleFilter {
  if (!wire) return {};
  const { states, benchmark, model, sampleIds, epochs, errorClasses, units, scoreValues, scorer, text, stage, agents } = wire;
  const filter: SampleFilter = {};
  if (states.length > 0)
    filter.states = checks.list('filter.states', states, MAX.conditions).flatMap((state, i) => {
      const known = knownUnitState(state);
      if (!known) checks.fault(`filter.states[${i}]`, `${JSON.stringify(state)} is not a state of a unit`);
      return known ?? [];
    });
  if (benchmark !== '') filter.benchmark = checks.text('filter.benchmark', benchmark, MAX.name);
  if (model !== '') filter.model = checks.text('filter.model', model, MAX.name);
  if (sampleIds.length > 0)
    filter.sampleIds = checks
      .list('filter.sample_ids', sampleIds, MAX.samples)
      .map((id, i) => checks.text(`filter.sample_ids[${i}]`, id, MAX.sampleId, 1));
  if (epochs.length > 0)
    filter.epochs = checks
      .list('filter.epochs', epochs, MAX.epochs)
      .map((epoch, i) => checks.int(`filter.epochs[${i}]`, epoch, Number.MAX_SAFE_INTEGER, 1));
  if (errorClasses.length > 0)
    filter.errorClasses = checks.list('filter.error_classes', errorClasses, MAX.conditions).map((name, i) => {
      if (!(ERROR_CLASSES as readonly string[]).includes(name)) checks.fault(`filter.error_classes[${i}]`, unknownClass(name));
      return name;
    });
  if (units.length > 0) filter.units = [...checks.list('filter.units', units, MAX.samples)];
  if (scoreValues.length > 0)
    filter.scoreValues = checks
      .list('filter.score_values', scoreValues, MAX.conditions)
      .map((value, i) => checks.text(`filter.score_values[${i}]`, value, MAX.value));
  if (scorer !== '') filter.scorer = checks.text('filter.scorer', scorer, MAX.name);
  if (text !== '') filter.text = checks.text('filter.text', text, MAX.value);
  const ofStage = knownStage(stage);
  if (ofStage) filter.stage = ofStage;
  else if (stage !== 'SAMPLE_STAGE_UNSPECIFIED') checks.fault('filter.stage', `${JSON.stringify(stage)} is not a stage`);
  if (agents.length > 0)
    filter.agents = checks.list('filter.agents', agents, MAX.conditions).map((id, i) => checks.agentId(`filter.agents[${i}]`, id));
  const [from, to] = readSpan(checks, 'filter.started', wire.startedFromMs, wire.startedToMs);
  if (from > 0) filter.startedFromMs = from;
  if (to > 0) filter.startedToMs = to;
  return Object.assign(filter, readConditions(checks, wire.metadata));
}

function unknownClass(name: string): string {
  const meant = nearestName(name, ERROR_CLASSES);
  const shown = JSON.stringify(name.slice(0, 80));
  return `${shown} is not a class of errors${meant ? `; did you mean ${meant}?` : ` (${ERROR_CLASSES.join(', ')})`}`;
}
