/** What can be asked of evaluations: state and progress, results, report. */
import type { Evaluation, Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Priced } from '../../../shared/domain/cost.ts';
import { isEvaluationId } from '../../../shared/domain/ids.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import { absentEvaluation } from '../absent.ts';
import type { Catalog, Known } from '../catalog.ts';
import { journalOf } from '../journal.ts';
import { evaluationOf, finishedOf, recoveringOf } from '../picture.ts';

export class Queries {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #priced: Priced;

  constructor(options: { store: Store; ledger: Ledger; catalog: Catalog; priced: Priced }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#priced = options.priced;
  }

  /** An accepted evaluation by id; `not_found` with the id otherwise. */
  async known(evaluationId: string): Promise<Known> {
    const known = isEvaluationId(evaluationId) ? await this.#catalog.find(evaluationId) : undefined;
    if (!known || !(await this.#store.isAccepted(evaluationId))) throw absentEvaluation(evaluationId);
    return known;
  }

  /** Of an accepted evaluation; undefined: there is none. */
  async namespaceOf(evaluationId: string): Promise<string | undefined> {
    try {
      return (await this.known(evaluationId)).manifest.namespace;
    } catch (error) {
      if (AppError.from(error).code === 'not_found') return undefined;
      throw error;
    }
  }

  /** With its spec. */
  async get(evaluationId: string): Promise<Evaluation> {
    const known = await this.known(evaluationId);
    return { ...(await this.#pictureOf(known)), spec: known.manifest.spec };
  }

  /** As it stands now. */
  async picture(evaluationId: string): Promise<Evaluation> {
    return await this.#pictureOf(await this.known(evaluationId));
  }

  async #pictureOf(known: Known): Promise<Evaluation> {
    const { evaluationId } = known.manifest;
    const isFinished = this.#store.isFinished(evaluationId);
    // What is over needs no Redis.
    const ofRedis = this.#ledger.snapshot(evaluationId).catch(async (error: unknown) => {
      if (AppError.from(error).code !== 'unavailable' || !(await isFinished)) throw error;
      return undefined;
    });
    const [snapshot, wasFinished] = await Promise.all([ofRedis, isFinished]);
    if (snapshot && !isFinal(snapshot.state) && !wasFinished) return evaluationOf(known, snapshot, this.#priced);
    const bytes = await this.#store.report(evaluationId);
    const report = bytes && (JSON.parse(bytes.toString('utf8')) as Report);
    if (snapshot && isFinal(snapshot.state)) return evaluationOf(known, snapshot, this.#priced, report || undefined);
    // Redis has lost its end, the store has not. Looked at again: it may have been reopened since.
    if (snapshot && (await this.#store.isFinished(evaluationId))) await this.#ledger.forget(evaluationId);
    if (!report) return recoveringOf(known);
    return finishedOf(known, report, journalOf(await this.#store.controls(evaluationId)).ended?.reason ?? '', this.#priced);
  }

  /** State and last cursor, cheaply; what Redis does not know is asked of `get`. */
  async head(evaluationId: string): Promise<{ state: EvaluationState; cursor: string }> {
    const head = await this.#ledger.head(evaluationId);
    return head && (isFinal(head.state) || !(await this.#store.isFinished(evaluationId))) ? head : await this.picture(evaluationId);
  }

  async report(evaluationId: string): Promise<{ report: Report; json: Buffer }> {
    await this.known(evaluationId);
    const json = await this.#store.report(evaluationId);
    if (!json) throw new AppError('failed_precondition', `${evaluationId} is not finished; watch it, or ask again later`);
    return { report: JSON.parse(json.toString('utf8')) as Report, json };
  }
}
