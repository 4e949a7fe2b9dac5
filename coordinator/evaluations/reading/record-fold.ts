/** What the units of a record add up to, while they pass by in unit order. Bounded: tables end, digests are running ones. */
import { createHash, type Hash } from 'node:crypto';
import type { EvaluationRecord, RecordGroup, RecordSample, Returned, UnitDigest } from '../../../shared/client/record.ts';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { digestOf } from '../../../shared/domain/ids.ts';
import { datasetDigestOf, groupOfUnit, judgeOfField, taskContextOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import { shortDigest } from '../../../shared/domain/provenance.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { solverOf } from '../../../shared/domain/spec-defaults.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import { VERSION } from '../../../shared/domain/version.ts';

/** Rows of a table; what more there is, is counted together. */
const MAX_RETURNED = 20;
const MAX_AGENTS = 1_000;

/** Over the digests of units, with the units' places. */
class DigestFold {
  readonly #hash: Hash = createHash('sha256');
  #units = 0;

  add(place: number, digest: string): void {
    if (digest === '') return;
    this.#hash.update(`${place}:${digest}\n`);
    this.#units++;
  }

  /** Ends it. */
  result(): UnitDigest {
    return { digest: `sha256:${this.#hash.digest('hex')}`, units: this.#units };
  }
}

/** Counts by key, the first so many keys; the rest together. */
class Tally {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  others = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(key: string): void {
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= this.#most) this.others++;
    else this.#counts.set(key, (known ?? 0) + 1);
  }

  /** The most frequent first, equals by their key. */
  rows(): [key: string, count: number][] {
    return [...this.#counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  }
}

interface Sums {
  prompts: DigestFold;
  completions: DigestFold;
  returned: Tally;
  cached: number;
}

const noSums = (): Sums => ({ prompts: new DigestFold(), completions: new DigestFold(), returned: new Tally(MAX_RETURNED), cached: 0 });

export class RecordFold {
  readonly #manifest: Manifest;
  readonly #all = noSums();
  readonly #groups = new Map<Group, Sums>();
  readonly #agents = new Tally(MAX_AGENTS);
  #run = 0;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** In unit order. Returns the unit's own digests. */
  add(result: UnitResult, agentId: string): RecordSample {
    const { unit, sampleId, epoch, completion, provenance = {} } = result;
    const group = groupOfUnit(this.#manifest.groups, unit);
    const { promptDigest = '', model, fingerprint, version, cached = false } = provenance;
    const completionDigest = completion === undefined ? '' : shortDigest(completion);
    this.#run++;
    this.#agents.add(JSON.stringify([agentId, version]));
    const own = this.#sumsOf(group);
    for (const [sums, place] of [[this.#all, unit] as const, [own, unit - group.firstUnit] as const]) {
      sums.prompts.add(place, promptDigest);
      sums.completions.add(place, completionDigest);
    }
    if (cached) own.cached++;
    if (completion !== undefined) own.returned.add(JSON.stringify([model, fingerprint]));
    return { unit, benchmark: group.benchmark, model: group.model, sampleId: String(sampleId), epoch, promptDigest, completionDigest };
  }

  record(state: EvaluationState): EvaluationRecord {
    const manifest = this.#manifest;
    const groups = manifest.groups.map((group) => this.#groupOf(group));
    const { others } = this.#agents;
    return {
      form: 1,
      evaluationId: manifest.evaluationId,
      name: manifest.spec.name,
      state,
      createdAt: new Date(manifest.createdAtMs).toISOString(),
      digest: digestOf(canonicalJson(groups.map((group, i) => this.#asked(group, manifest.groups[i]!)))),
      specDigest: manifest.specDigest,
      spec: manifest.spec,
      assay: {
        ...(manifest.version === undefined ? {} : { accepted: manifest.version }),
        recorded: VERSION,
        agents: this.#agents.rows().map(([key, units]) => {
          const [agentId, version] = JSON.parse(key) as [string, string | null];
          return { agentId, ...(version === null ? {} : { version }), units };
        }),
        ...(others > 0 ? { otherAgents: others } : {}),
      },
      units: { total: manifest.units, run: this.#run },
      prompts: this.#all.prompts.result(),
      completions: this.#all.completions.result(),
      groups,
    };
  }

  #sumsOf(group: Group): Sums {
    let sums = this.#groups.get(group);
    if (!sums) this.#groups.set(group, (sums = noSums()));
    return sums;
  }

  #groupOf(group: Group): RecordGroup {
    const { spec } = this.#manifest;
    const benchmark = spec.benchmarks[group.benchmarkIndex]!;
    const { dataset, prompt } = benchmark;
    // As agents are told it: merged.
    const { model, fewshot: shots = [] } = taskContextOf(this.#manifest, group);
    const { generate_config: parameters } = model;
    const isDrawn = !group.judge && prompt.num_fewshot !== undefined && (prompt.fewshot?.sampler ?? 'first_n') !== 'first_n';
    const { prompts, completions, returned, cached } = this.#sumsOf(group);
    const rows = returned.rows().map(([key, units]) => returnedOf(key, units));
    return {
      benchmark: group.benchmark,
      model: group.model,
      ...judgeOfField(this.#manifest.groups, group),
      samples: group.samples,
      epochs: group.epochs,
      // A dataset that stands in the spec would stand here once more.
      dataset: {
        uri: dataset.uri.startsWith('inline:') ? 'inline' : dataset.uri,
        digest: datasetDigestOf(this.#manifest, group.benchmarkIndex),
      },
      ...(shots.length > 0 ? { fewshot: { digest: digestOf(canonicalJson(shots)), shots: shots.length } } : {}),
      seeds: {
        ...(dataset.shuffle === undefined ? {} : { shuffle: dataset.shuffle }),
        ...(isDrawn ? { fewshot: prompt.fewshot!.seed } : {}),
        ...(parameters.seed === undefined ? {} : { generate: parameters.seed }),
      },
      parameters,
      prompts: prompts.result(),
      completions: completions.result(),
      returned: rows,
      ...(returned.others > 0 ? { otherReturned: returned.others } : {}),
      ...(cached > 0 ? { cached } : {}),
      drift: rows.length > 1,
    };
  }

  /** What of a group was asked; who answered is not in it. */
  #asked({ benchmark, model, epochs, dataset, parameters, prompts }: RecordGroup, group: Group): object {
    const own = taskContextOf(this.#manifest, group).benchmark;
    return { benchmark, model, epochs, dataset: dataset.digest, parameters, prompts, solver: solverOf(own), scorers: own.scorers };
  }
}

function returnedOf(key: string, units: number): Returned {
  const [model, fingerprint] = JSON.parse(key) as [string | null, string | null];
  return { ...(model === null ? {} : { model }), ...(fingerprint === null ? {} : { fingerprint }), units };
}
