/** The rows of instruments about what somebody should be told: how evaluations end, what is given up, whether the telling works. */
import { row, type InstrumentRow } from './instrument-row.ts';

export const ENDING_INSTRUMENTS = {
  evaluationsFinishedTotal: row({
    name: 'assay_evaluations_finished_total',
    kind: 'counter',
    group: 'Execution',
    of: 'coordinator',
    labels: ['state'],
    help: 'Evaluations that have come to their end here: succeeded, failed, cancelled',
  }),
  deadLettersTotal: row({
    name: 'assay_dead_letters_total',
    kind: 'counter',
    group: 'Execution',
    of: 'coordinator',
    labels: [],
    help: 'Tasks that were given up here. `assay dead-letters` shows them',
  }),
  alertsTotal: row({
    name: 'assay_alerts_total',
    kind: 'counter',
    group: 'Alerts',
    of: 'coordinator',
    labels: ['outcome'],
    help: 'Messages of alerts: sent, failed (they are tried again), given_up, refused (for one of several channels, which had no room). Anything given up is a channel that does not work',
  }),
} as const satisfies Record<string, InstrumentRow>;
