/** The entries of an agent's models, opened: drivers, the purses of their keys, and what the policy says of tasks for them. */
import { AppError } from '../shared/domain/errors.ts';
import type { Redactor } from '../shared/domain/redactor.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { AgentConfig } from './config.ts';
import type { EndpointSettings } from './models/http-endpoint.ts';
import { createProvider } from './models/registry.ts';
import { forbids } from './policy/forbids.ts';
import { cappedProvider } from './spend/capped-provider.ts';
import { capOf, entryPrice, openPurses, unboundedBy } from './spend/open-purses.ts';
import type { SpendBook } from './spend/spend-book.ts';
import type { Model, WorkOptions } from './work/work-types.ts';

/** What a start would say of the entries, without one. Throws AppError with all faults. */
export async function checkModels(config: AgentConfig): Promise<void> {
  const models = await openModels(config);
  await Promise.allSettled(models.map(({ provider }) => provider.close()));
}

/** All faults of all entries at once. */
export async function openModels(config: AgentConfig, settings: EndpointSettings = {}): Promise<Model[]> {
  const opened = await Promise.allSettled(
    config.models.map(async (entry): Promise<Model> => ({ entry, provider: await createProvider(entry, settings) })),
  );
  const models = opened.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const faults = opened.filter((result) => result.status === 'rejected').map(({ reason }) => AppError.from(reason));
  if (faults.length === 0) return models;
  await Promise.allSettled(models.map(({ provider }) => provider.close()));
  throw new AppError('invalid', faults.map(({ message }) => message).join('\n'));
}

/** Keys that are read again are known to the redactor before they are used. */
export function watchKeys({ models }: AgentConfig, redactor: Redactor, logger: Logger): void {
  for (const { apiKey, match } of models)
    apiKey?.watch({
      onValue: (value) => redactor.learn(value),
      onTrouble: (problem) => logger.warn(`the key of ${match} cannot be read again, so it stays as it is: ${problem}`),
    });
}

/** The models under the caps of their keys. The spool's folder is there, and is this agent's alone. */
export async function capModels(
  models: readonly Model[],
  config: AgentConfig,
  clock: Clock,
): Promise<{ models: Model[]; purses: { match: string; book: SpendBook }[]; close: () => Promise<void> }> {
  const { spendPerDay: ofEach, prices } = config.policy;
  const { purses, close } = await openPurses({ entries: config.models, dir: config.spool, clock, ...(ofEach ? { ofEach } : {}) });
  const capped = models.map(({ entry, provider }, i): Model => {
    const purse = purses[i];
    return {
      entry,
      provider: purse ? cappedProvider({ provider, purse, priceOf: (model) => entryPrice(prices, entry, model), clock }) : provider,
    };
  });
  const named = models.flatMap(({ entry: { match } }, i) => (purses[i] ? [{ match, book: purses[i].book }] : []));
  return { models: capped, purses: named, close };
}

/** What the policy says of a task that was assigned to an entry. */
export function forbidsOf(config: AgentConfig): NonNullable<WorkOptions['forbids']> {
  const { namespaces, spendPerDay, prices } = config.policy;
  const caps = new Map(config.models.map((entry) => [entry, capOf(entry, config.models, spendPerDay)]));
  return (task, entry) => forbids({ namespaces, unbounded: (own, model) => unboundedBy(caps.get(own), own, model, prices) }, task, entry);
}
