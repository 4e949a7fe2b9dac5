/** What goes on that operators want to know, and what was. */
import { eventsToWire, knownSeverity, knownStatus } from '../../shared/client/codec-events.ts';
import type { EventFilter } from '../../shared/client/event-types.ts';
import { lackOf, RULES } from '../../shared/domain/access-rules.ts';
import { covers } from '../../shared/domain/identity.ts';
import { EVENT_STATUSES, KIND_NAMES, SEVERITIES } from '../../shared/domain/incident-kinds.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { ListEventsRequest__Output } from '../../shared/rpc/gen/assay/v1/ListEventsRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { Gate } from '../identity/gate.ts';
import { fittingPage } from './pages.ts';
import { NAMESPACE, readPage } from './requests.ts';
import type { EventUseCases } from './use-cases.ts';

const NOTHING = { ongoing: [], open: 0, waiting: 0, items: [], nextToken: '' };

export function eventsMethod(events: EventUseCases, handlers: Handlers, gate: Pick<Gate, 'denied'>) {
  const methods = assayProto().operator;
  return {
    ListEvents: handlers.unary(methods.ListEvents, async (request, { identity, method, peer }) => {
      const checks = new Checks('ListEvents');
      const filter = readFilter(checks, request);
      const page = readPage(checks, request);
      checks.done();
      const { namespace } = filter;
      // One that is not theirs has nothing, like one that is not there.
      if (namespace !== undefined && !covers(identity.namespaces, namespace)) {
        gate.denied({ identity, method, peer, reason: 'the namespace is not theirs', namespace });
        return eventsToWire(NOTHING);
      }
      const fleet = lackOf(RULES[methods.ListAgents.path]!, identity) === undefined;
      const sight = { namespaces: identity.namespaces, fleet };
      return fittingPage(methods.ListEvents, page, (asked) => events.list(filter, asked, sight), eventsToWire);
    }),
  };
}

function readFilter(checks: Checks, { namespace, kind, severity, status }: ListEventsRequest__Output): EventFilter {
  const filter: EventFilter = {};
  const known = { kind: KIND_NAMES.find((one) => one === kind), severity: knownSeverity(severity), status: knownStatus(status) };
  const fault = (place: string, value: string, words: readonly string[]): void => {
    if (value !== '') checks.fault(place, `${JSON.stringify(value.slice(0, 80))} is none of ${words.join(', ')}`);
  };
  if (namespace !== '') filter.namespace = checks.form('namespace', namespace, NAMESPACE, '1 to 64 letters, digits, . _ or -');
  if (known.kind) filter.kind = known.kind;
  else fault('kind', kind, KIND_NAMES);
  if (known.severity) filter.severity = known.severity;
  else fault('severity', severity, SEVERITIES);
  if (known.status) filter.status = known.status;
  else fault('status', status, EVENT_STATUSES);
  return filter;
}
