/** Lines between the wire and the client library. */
import { LINE_LEVELS, type LineLevel, type LogLine } from '../domain/log-line.ts';
import type { LogFilter } from '../rpc/gen/assay/v1/LogFilter.ts';
import type { LogLevel } from '../rpc/gen/assay/v1/LogLevel.ts';
import type { LogLine as WireLine, LogLine__Output } from '../rpc/gen/assay/v1/LogLine.ts';
import type { StreamLogsResponse, StreamLogsResponse__Output } from '../rpc/gen/assay/v1/StreamLogsResponse.ts';
import { int64, toInt64 } from './codec-words.ts';
import type { LineFilter, LogBatch } from './logs.ts';

const levelToWire = (level: LineLevel): LogLevel => `LOG_LEVEL_${level.toUpperCase()}` as LogLevel;

/** Undefined for one that is not known here. */
export const levelFromWire = (wire: string | number): LineLevel | undefined => LINE_LEVELS.find((level) => levelToWire(level) === wire);

export const lineToWire = ({ timeMs, level, ...line }: LogLine): WireLine => ({
  ...line,
  timeMs: toInt64(timeMs),
  level: levelToWire(level),
});

export const lineFromWire = ({ timeMs, level, text, agentId, agent, taskId, attemptId, _unit, unit }: LogLine__Output): LogLine => ({
  ...{ timeMs: int64(timeMs), level: levelFromWire(level) ?? 'info', text, agentId, agent, taskId, attemptId },
  ...(_unit === undefined ? {} : { unit: unit! }),
});

export const filterToWire = ({ sinceMs, minLevel, agent, text, unit }: LineFilter): LogFilter => ({
  ...(sinceMs === undefined ? {} : { sinceMs: toInt64(sinceMs) }),
  ...(minLevel && { minLevel: levelToWire(minLevel) }),
  ...(agent && { agent }),
  ...(text && { text }),
  ...(unit === undefined ? {} : { unit }),
});

export const batchToWire = ({ lines, cursor, leftOut }: LogBatch): StreamLogsResponse => ({
  lines: lines.map(lineToWire),
  cursor,
  leftOut,
});

export const batchFromWire = ({ lines, cursor, leftOut }: StreamLogsResponse__Output): LogBatch => ({
  lines: lines.map(lineFromWire),
  cursor,
  leftOut,
});
