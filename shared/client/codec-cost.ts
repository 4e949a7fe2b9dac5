/** Costs between wire and `types.ts`. */
import type { Cost as WireCost, Cost__Output } from '../rpc/gen/assay/v1/Cost.ts';
import type { ModelCost__Output } from '../rpc/gen/assay/v1/ModelCost.ts';
import type { Cost, ModelCost } from '../domain/cost.ts';
import { int64, toInt64 } from './codec-words.ts';

const costToWire = (cost: Cost): WireCost => ({
  ...cost,
  models: cost.models.map((model) => ({ ...model, inputTokens: toInt64(model.inputTokens), outputTokens: toInt64(model.outputTokens) })),
});

const modelFromWire = (wire: ModelCost__Output): ModelCost => ({
  model: wire.model,
  inputTokens: int64(wire.inputTokens),
  outputTokens: int64(wire.outputTokens),
  ...(wire._costUsd === undefined ? {} : { costUsd: wire.costUsd! }),
  ...(wire._inputUsdPerMillion === undefined ? {} : { inputUsdPerMillion: wire.inputUsdPerMillion! }),
  ...(wire._outputUsdPerMillion === undefined ? {} : { outputUsdPerMillion: wire.outputUsdPerMillion! }),
});

const costFromWire = (wire: Cost__Output): Cost => ({
  models: wire.models.map(modelFromWire),
  ...(wire._costUsd === undefined ? {} : { costUsd: wire.costUsd! }),
  priceTableVersion: wire.priceTableVersion,
});

/** The field where there is one. */
export const costField = (wire: Cost__Output | null): { cost?: Cost } => (wire ? { cost: costFromWire(wire) } : {});
export const costFieldToWire = (cost: Cost | undefined): { cost?: WireCost } => (cost ? { cost: costToWire(cost) } : {});
