/**
 * Logs: one JSON document a line on stderr, with the words of the code (`evaluationId taskId attemptId agentId route`) and
 * the ids of the active span. Keys, prompts and completions never get in: they are cut out by the names that bear them,
 * and what looks like a key is cut out of every line.
 */
import { pino, stdSerializers, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { trace } from '@opentelemetry/api';
import { AppError } from '../domain/errors.ts';
import type { Redactor } from '../domain/redactor.ts';

export type Logger = PinoLogger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names (without case, `_` and `-`) whose values are content or secrets. */
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  'apikey',
  'token',
  'authorization',
  'password',
  'secret',
  'headers',
  'prompt',
  'completion',
  'reasoning',
  'input',
  'output',
  'target',
  'choices',
  'content',
  'messages',
  'line',
  'contextjson',
]);
const HIDDEN = '[hidden]';
/** Deeper values are not worth a log line. */
const MAX_DEPTH = 6;

/** How a URL goes on behind its host or its port where it has no password: a path, or what ends a sentence, and no `@`. */
const WITHOUT_PASSWORD = /(?:[/?#][^\s"'\\@]{0,2000}|[)\]}>.,:;!]{0,5})(?:[\s"'\\]|$)/.source;
const PORT = String.raw`\d{1,5}${WITHOUT_PASSWORD}`;
const ADDRESS = String.raw`\[[\da-f:.]{2,45}\](?::${PORT}|${WITHOUT_PASSWORD})`;
/** What a bearer token, a JWT, a provider's key or the password of a URL looks like, wherever it stands in a line. */
const SECRETS = new RegExp(String.raw`(Bearer |\beyJ|\bsk-|://(?!${ADDRESS})[^\s:@/"]*:(?!${PORT}))[^\s"'\\@,;]{6,}`, 'g');

/** A text without what looks like a secret. */
export const withoutSecretForms = (text: string): string => text.replace(SECRETS, `$1${HIDDEN}`);

/** A copy of a value without hidden fields. Objects with a form of their own (dates, buffers) are left to JSON. */
function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return errorOf(value, depth);
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  if ('toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      HIDDEN_NAMES.has(name.toLowerCase().replace(/[_-]/g, '')) ? HIDDEN : withoutSecrets(item, depth + 1),
    ]),
  );
}

/** An AppError needs no stack: its message is written for people. Others are bugs, and the stack says where. */
function errorOf(error: Error, depth: number): unknown {
  if (error instanceof AppError && error.code !== 'internal') return { type: error.name, code: error.code, message: error.message };
  if (depth >= MAX_DEPTH) return error.message;
  const { raw: _raw, ...plain } = stdSerializers.err(error);
  return withoutSecrets(plain, depth + 1);
}

export interface LoggerOptions {
  /** The process or part that logs: `coordinator`, `agent`, … */
  name: string;
  /** Default `info`. */
  level?: LogLevel;
  /** Default stderr, written synchronously, so that the last line before a crash is there. */
  destination?: DestinationStream;
  /** Knows the secrets of this process: they are in no line, whatever bears them. */
  redactor?: Redactor;
  /** Is told every line too. */
  onLine?: (line: string) => void;
  /** Fields of every line: `agentId`, `coordinatorId`. */
  fields?: Record<string, unknown>;
}

/** A logger; parts take children of it (`logger.child({ part: 'planner' })`). */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { name: options.name, pid: process.pid, ...options.fields },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: (error: unknown) => withoutSecrets(error) },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withoutSecrets(fields) as Record<string, unknown>,
      },
      mixin: () => {
        const context = trace.getActiveSpan()?.spanContext();
        return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
      },
      hooks: {
        streamWrite: (line) => {
          const clean = withoutSecretForms(withoutKnown(line, options.redactor));
          options.onLine?.(clean);
          return clean;
        },
      },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** Text by text, for what is taken out must not break the JSON of the line. */
const withoutKnown = (line: string, redactor: Redactor | undefined): string =>
  redactor?.finds(line) ? `${JSON.stringify(redactor.redactAll(JSON.parse(line)))}\n` : line;

/** For tests and for commands whose output is for people. */
export const silentLogger = (): Logger => pino({ level: 'silent' });
