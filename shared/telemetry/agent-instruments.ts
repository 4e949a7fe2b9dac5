/** The rows of instruments about agents: their streams, what is refused of them, what they keep. */
import { row, type InstrumentRow } from './instrument-row.ts';

export const AGENT_INSTRUMENTS = {
  sessions: row({
    name: 'assay_sessions',
    kind: 'gauge',
    group: 'Agents',
    of: 'coordinator',
    labels: [],
    help: 'Agents that are connected to this coordinator',
  }),
  sessionsTotal: row({
    name: 'assay_sessions_total',
    kind: 'counter',
    group: 'Agents',
    of: 'coordinator',
    labels: ['outcome'],
    help: 'Streams of agents that have ended: left, broke, refused',
  }),
  refusedTotal: row({
    name: 'assay_refused_total',
    kind: 'counter',
    group: 'Agents',
    of: 'coordinator',
    labels: ['kind'],
    help: 'What was refused of agents: lease, unit, malformed, too_large, protocol. `assay agents` shows of which ones',
  }),
  quarantinesTotal: row({
    name: 'assay_quarantines_total',
    kind: 'counter',
    group: 'Agents',
    of: 'coordinator',
    labels: [],
    help: 'Agents that were put aside here for what they sent',
  }),
  modelSuspended: row({
    name: 'assay_model_suspended',
    kind: 'gauge',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'reason'],
    help: '1 while the agent takes no work for an entry, else 0, by the entry and the reason: auth or quota (the endpoint refuses its key), model_not_found, spend_cap. 0 too while one call is tried again',
  }),
  modelConnections: row({
    name: 'assay_model_connections',
    kind: 'gauge',
    group: 'Model calls',
    of: 'agent',
    labels: ['model'],
    help: 'Calls at the same time that an entry allows itself now: its max_connections, or what an adaptive one has learnt',
  }),
  modelMaxConnections: row({
    name: 'assay_model_max_connections',
    kind: 'gauge',
    group: 'Model calls',
    of: 'agent',
    labels: ['model'],
    help: 'The max_connections of an entry; of an adaptive one its max',
  }),
  spoolBytes: row({
    name: 'assay_spool_bytes',
    kind: 'gauge',
    group: 'Agents',
    of: 'agent',
    labels: [],
    help: 'Bytes of results that no coordinator has acknowledged yet',
  }),
} satisfies Record<string, InstrumentRow>;
