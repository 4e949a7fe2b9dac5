/** Filters, commands and their answers between `types.ts` and wire, as a client needs them. The server checks what it reads: `coordinator/rpc/requests.ts`. */
import type { EvaluationFilter as WireFilter } from '../rpc/gen/assay/v1/EvaluationFilter.ts';
import type { EvaluationOutcome as WireOutcome, EvaluationOutcome__Output } from '../rpc/gen/assay/v1/EvaluationOutcome.ts';
import type { Estimate as WireEstimate, Estimate__Output } from '../rpc/gen/assay/v1/Estimate.ts';
import type { SampleFilter as WireSampleFilter } from '../rpc/gen/assay/v1/SampleFilter.ts';
import type { UpdateEvaluationRequest } from '../rpc/gen/assay/v1/UpdateEvaluationRequest.ts';
import type { ValidateEvaluationResponse, ValidateEvaluationResponse__Output } from '../rpc/gen/assay/v1/ValidateEvaluationResponse.ts';
import { invalid } from '../domain/errors.ts';
import { durabilityField, durabilityToWire } from './codec-durability.ts';
import { limitsToWire, routeProgressFromWire } from './codec-evaluation.ts';
import { int64, judgeOfField, jsonToWire, stageToWire, stateFromWire, stateToWire, toInt64, unitStateToWire } from './codec-words.ts';
import type {
  Estimate,
  EvaluationChanges,
  EvaluationChoice,
  EvaluationFilter,
  EvaluationOutcome,
  SampleFilter,
  Validation,
} from './types.ts';

export const filterToWire = ({ states = [], createdFromMs = 0, createdToMs = 0, ...rest }: EvaluationFilter): WireFilter => ({
  ...rest,
  states: states.map(stateToWire),
  createdFromMs: toInt64(createdFromMs),
  createdToMs: toInt64(createdToMs),
});

export const choiceToWire = (which: EvaluationChoice): { evaluationId?: string; filter?: WireFilter } =>
  'filter' in which ? { filter: filterToWire(which.filter) } : { evaluationId: which.evaluationId };

export const sampleFilterToWire = ({ states = [], stage, ...rest }: SampleFilter): WireSampleFilter => ({
  ...rest,
  ...(stage === undefined ? {} : { stage: stageToWire(stage) }),
  states: [...new Set(states.map(unitStateToWire))],
});

/** Of lists and results alone. An older coordinator passes over them, and would do to all what is meant for a few. */
export const NOT_OF_COMMANDS = ['agents', 'startedFromMs', 'startedToMs', 'metadata'] as const satisfies (keyof SampleFilter)[];

/** What a command is about; throws `invalid` where it would be about more than is meant. */
export function commandFilterToWire(what: string, filter: SampleFilter): WireSampleFilter {
  const faults = NOT_OF_COMMANDS.filter((key) => filter[key] !== undefined).map((key) => ({
    place: `filter.${key}`,
    problem: 'is for lists and results: list those samples, and name them by units',
  }));
  if (faults.length > 0) throw invalid(what, faults);
  return sampleFilterToWire(filter);
}

export const changesToWire = ({ limits, tags, metadata, ...numbers }: EvaluationChanges): UpdateEvaluationRequest => ({
  ...numbers,
  ...(limits === undefined ? {} : { limits: limitsToWire(limits) }),
  ...(tags === undefined ? {} : { tags: { tags } }),
  ...(metadata === undefined ? {} : { metadataJson: jsonToWire(metadata) }),
});

export const outcomeToWire = ({ durability, ...outcome }: EvaluationOutcome): WireOutcome => ({
  ...outcome,
  state: stateToWire(outcome.state),
  ...(durability && { durability: durabilityToWire(durability) }),
});

export const outcomeFromWire = ({ evaluationId, state, changed, problem, durability }: EvaluationOutcome__Output): EvaluationOutcome => ({
  evaluationId,
  state: stateFromWire(state),
  changed,
  problem,
  ...durabilityField(durability),
});

const estimateToWire = ({ units, inputTokens, outputTokens, costUsd }: Estimate): WireEstimate => ({
  units,
  inputTokens: toInt64(inputTokens),
  outputTokens: toInt64(outputTokens),
  ...(costUsd === undefined ? {} : { costUsd }),
});

const estimateFromWire = (wire: Estimate__Output | null): Estimate => ({
  units: wire?.units ?? 0,
  inputTokens: int64(wire?.inputTokens ?? 0),
  outputTokens: int64(wire?.outputTokens ?? 0),
  ...(wire?._costUsd === undefined ? {} : { costUsd: wire.costUsd! }),
});

export const validationToWire = (validation: Validation): ValidateEvaluationResponse => ({
  ...validation,
  groups: validation.groups.map((group) => ({ ...group, estimate: estimateToWire(group.estimate) })),
  total: estimateToWire(validation.total),
});

export const validationFromWire = (wire: ValidateEvaluationResponse__Output): Validation => ({
  faults: wire.faults.map(({ place, problem }) => ({ place, problem })),
  warnings: wire.warnings.map(({ place, problem }) => ({ place, problem })),
  groups: wire.groups.map(({ benchmark, model, samples, estimate, judgeOf }) => ({
    ...judgeOfField(judgeOf),
    benchmark,
    model,
    samples,
    estimate: estimateFromWire(estimate),
  })),
  total: estimateFromWire(wire.total),
  priceTableVersion: wire.priceTableVersion,
  routesWithoutAgent: wire.routesWithoutAgent.map(routeProgressFromWire),
  specDigest: wire.specDigest,
});
