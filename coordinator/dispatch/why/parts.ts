/** The parts of this folder tied together: who answers why, and who notes it. */
import { AppError } from '../../../shared/domain/errors.ts';
import { Duty, type Service } from '../../../shared/runtime/service.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import { Historian, type HistorianParts } from './historian.ts';
import type { HistoryBook } from './history-book.ts';
import type { ReturnBook } from './return-book.ts';
import { RouteWhy, type RouteWhyParts } from './route-why.ts';
import type { WaitBook } from './wait-book.ts';
import { Why, type WhyParts } from './why.ts';

/** Each is looked at once in so many sweeps. */
const SWEEPS = 5;

/** What is kept in Redis of reasons and waits. */
export interface ReasonBooks {
  history: HistoryBook;
  waits: WaitBook;
  returns: ReturnBook;
}

export interface ReasonParts extends Omit<WhyParts, 'history' | 'returns'> {
  fleet: WhyParts['fleet'] & RouteWhyParts['fleet'] & { operator: { knownRoutes: HistorianParts['routes'] } };
  books?: ReasonBooks | undefined;
  sweepMs: number;
  logger: Logger;
}

export function reasonParts({ books, ...parts }: ReasonParts): { why: Why; routeWhy: RouteWhy; duty: Service } {
  const { clock, fleet, logger, sweepMs } = parts;
  const why = new Why({ ...parts, history: books?.history, returns: books?.returns });
  const routeWhy = new RouteWhy({ ...parts, ...books, why });
  if (!books) return { why, routeWhy, duty: { start: async () => undefined, stop: async () => undefined } };
  const periodMs = SWEEPS * sweepMs;
  const historian = new Historian({ ...parts, ...books, why, routeWhy, periodMs, routes: () => fleet.operator.knownRoutes() });
  const onError = (error: unknown): void =>
    logger.warn({ error: AppError.from(error).message }, 'what work waits for could not be noted; the next look does it');
  return { why, routeWhy, duty: new Duty({ clock, periodMs, onError, run: () => historian.runOnce() }) };
}
