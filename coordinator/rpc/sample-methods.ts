/** Single samples: list, get, skip, requeue. */
import { NOT_OF_COMMANDS } from '../../shared/client/codec-commands.ts';
import { durabilityToWire } from '../../shared/client/codec-durability.ts';
import { listedToWire } from '../../shared/client/codec-results.ts';
import { sampleToWire } from '../../shared/client/codec-sample.ts';
import { stateToWire } from '../../shared/client/codec-words.ts';
import type { SampleChoice } from '../../shared/client/client.ts';
import type { SampleFilter } from '../../shared/client/types.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { GetSampleRequest__Output } from '../../shared/rpc/gen/assay/v1/GetSampleRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { fittingPage } from './pages.ts';
import { MAX, readDurability, readPage, readSampleFilter } from './requests.ts';
import type { UseCasesOf } from './guard.ts';

export function sampleMethods(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    ListSamples: handlers.unary(methods.ListSamples, async (request, info) => {
      const checks = new Checks('ListSamples');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const filter = readSampleFilter(checks, request.filter);
      const page = readPage(checks, request);
      const fromUnit = request._fromUnit === undefined ? undefined : request.fromUnit!;
      if (fromUnit !== undefined && page.token) checks.fault('from_unit', 'goes not with page_token: the token says where it goes on');
      checks.done();
      return fittingPage(
        methods.ListSamples,
        { ...page, ...(fromUnit === undefined ? {} : { fromUnit }), isBackwards: request.backwards },
        (asked) => useCasesOf(info).samples(request.evaluationId, filter, asked, info.signal),
        ({ items, nextToken }) => ({ samples: items.map(listedToWire), nextPageToken: nextToken }),
      );
    }),

    GetSample: handlers.unary(methods.GetSample, async (request, info) => {
      const checks = new Checks('GetSample');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const which = readSampleChoice(checks, request);
      checks.done();
      return { sample: sampleToWire(await useCasesOf(info).sample(request.evaluationId, which)) };
    }),

    SkipSamples: handlers.unary(methods.SkipSamples, async (request, info) => {
      const checks = new Checks('SkipSamples');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const filter = readSampleFilter(checks, request.filter);
      refuseFields(checks, filter, NOT_OF_OPEN_ONES);
      if (Object.keys(filter).length === 0)
        checks.fault('filter', 'is empty, which would mean every open sample: name some, or cancel the evaluation instead');
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      const { skipped, state, durability } = await useCasesOf(info).skip(request.evaluationId, filter, reason, required);
      return { skipped, state: stateToWire(state), durability: durabilityToWire(durability) };
    }),

    RequeueSamples: handlers.unary(methods.RequeueSamples, async (request, info) => {
      const checks = new Checks('RequeueSamples');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const filter = readSampleFilter(checks, request.filter);
      for (const key of NOT_OF_COMMANDS)
        if (filter[key] !== undefined)
          checks.fault(`filter.${NOT_OF_OPEN_ONES[key]}`, 'is for lists and results: choose by states, error_classes, units …');
      filter.states?.forEach((state, i) => {
        if (state === 'scored') checks.fault(`filter.states[${i}]`, 'names SCORED: scored units are never run again');
        if (state === 'pending') checks.fault(`filter.states[${i}]`, 'names OPEN: open units run anyway');
      });
      const reason = checks.text('reason', request.reason, MAX.reason);
      const required = readDurability(checks, request.requiredDurability);
      checks.done();
      const { requeued, state, durability } = await useCasesOf(info).requeue(request.evaluationId, filter, reason, required);
      return { requeued, state: stateToWire(state), durability: durabilityToWire(durability) };
    }),
  };
}

/** What an open unit has nothing of, and what is for lists and results alone; by the names of the wire. */
const NOT_OF_OPEN_ONES = {
  states: 'states',
  errorClasses: 'error_classes',
  scoreValues: 'score_values',
  scorer: 'scorer',
  text: 'text',
  agents: 'agents',
  startedFromMs: 'started_from_ms',
  startedToMs: 'started_to_ms',
  metadata: 'metadata',
} as const satisfies Partial<Record<keyof SampleFilter, string>>;

function refuseFields(checks: Checks, filter: SampleFilter, refused: Partial<Record<keyof SampleFilter, string>>): void {
  for (const key of Object.keys(filter) as (keyof SampleFilter)[])
    if (refused[key])
      checks.fault(`filter.${refused[key]}`, 'says nothing of open samples: choose by benchmark, model, sample_ids, epochs or units');
}

function readSampleChoice(checks: Checks, wire: GetSampleRequest__Output): SampleChoice {
  const { sampleId, benchmark, model, epoch } = wire;
  const names = { sample_id: sampleId, benchmark, model, epoch: epoch === 0 ? '' : String(epoch) };
  if (wire._unit !== undefined) {
    for (const [name, value] of Object.entries(names)) if (value !== '') checks.fault(name, 'goes not with unit: the unit says it all');
    return { unit: wire.unit! };
  }
  if (sampleId === '') checks.fault('unit', 'is missing: send unit, or sample_id');
  checks.text('sample_id', sampleId, MAX.sampleId);
  checks.text('benchmark', benchmark, MAX.name);
  checks.text('model', model, MAX.name);
  return { sampleId, ...(benchmark && { benchmark }), ...(model && { model }), ...(epoch > 0 && { epoch }) };
}
