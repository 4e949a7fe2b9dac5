/** Reports between wire and `types.ts`. */
import type { GetReportResponse } from '../rpc/gen/assay/v1/GetReportResponse.ts';
import type { ReportRow as WireRow, ReportRow__Output } from '../rpc/gen/assay/v1/ReportRow.ts';
import { countsFromWire, countsToWire, jsonFromWire, stateToWire, usageToWire } from './codec-words.ts';
import type { Report, ReportRow } from './types.ts';

export const rowToWire = (row: ReportRow): WireRow => ({
  ...row,
  metrics: row.metrics,
  counts: countsToWire(row.counts),
});

export const rowFromWire = (wire: ReportRow__Output): ReportRow => ({
  benchmark: wire.benchmark,
  model: wire.model,
  scorer: wire.scorer,
  metrics: { ...wire.metrics },
  counts: countsFromWire(wire.counts),
  reducer: wire.reducer,
  ...(wire.samples ? { samples: wire.samples } : {}),
});

export const reportToWire = (report: Report, json: Buffer): GetReportResponse => ({
  evaluationId: report.evaluationId,
  state: stateToWire(report.state),
  results: report.results.map(rowToWire),
  units: countsToWire(report.units),
  usage: usageToWire(report.usage),
  reportJson: json,
});

/** The report's document; its other fields on the wire say the same for those who do not read JSON. */
export const reportFromJson = (json: Buffer): Report => jsonFromWire(json, 'a report') as Report;
