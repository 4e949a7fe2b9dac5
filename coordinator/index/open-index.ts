/**
 * Opens the index's file. It is a cache: one that is damaged, or has another schema, is deleted and made anew; one that cannot be
 * opened at all is kept in memory instead.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import { EvaluationIndex } from './evaluation-index.ts';

/** Goes up with every change of the tables, or of what is in a row. */
export const SCHEMA_VERSION = 3;
/** Coordinators on one host that share a store. */
const FILES_PER_HOST = 64;
/** Files of hosts that are gone. */
const UNUSED_MS = 7 * 24 * 3600 * 1000;

const TABLES = `
  CREATE TABLE evaluations (
    id TEXT PRIMARY KEY, namespace TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL,
    folded TEXT NOT NULL, tags TEXT NOT NULL, metadata TEXT NOT NULL, body TEXT NOT NULL,
    final INTEGER NOT NULL, finished INTEGER NOT NULL, bytes INTEGER NOT NULL, keep INTEGER NOT NULL, checked INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX by_time ON evaluations (namespace, created DESC, id);
  CREATE INDEX open_by_time ON evaluations (namespace, created DESC, id) WHERE final = 0;
  CREATE INDEX open_by_id ON evaluations (id) WHERE final = 0;
  CREATE INDEX by_end ON evaluations (finished, id, bytes, keep) WHERE final = 1;
  CREATE INDEX by_check ON evaluations (checked) WHERE final = 1;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

interface IndexLogger {
  warn(fields: object, message: string): void;
}

/** Opens the file at `path`; it belongs to this process alone from here on. Throws `unavailable` when another process has it. */
export async function openIndex(path: string, logger: IndexLogger): Promise<EvaluationIndex> {
  await makeFolders(dirname(path));
  try {
    return new EvaluationIndex(opened(path));
  } catch (error) {
    if (isTaken(error)) throw new AppError('unavailable', `${path} belongs to another coordinator; name another file`, { cause: error });
    if (!isUnusable(error)) throw error;
    logger.warn({ path, error: AppError.from(error).message }, 'the index is made anew');
    for (const ending of ['', '-wal', '-shm', '-journal']) await rm(`${path}${ending}`, { force: true });
    return new EvaluationIndex(opened(path));
  }
}

/**
 * The index of this coordinator: in `file`, or in a file of its own in `<store>/index` where the store is a directory. Where neither can
 * be written it is kept in memory, and read from the store at every start.
 */
export async function openIndexOf(
  store: string | undefined,
  file: string | undefined,
  { logger, clock }: { logger: IndexLogger; clock: Clock },
): Promise<EvaluationIndex> {
  if (!store && !file) return new EvaluationIndex(opened(':memory:'));
  const folder = join(store ?? '', 'index');
  const host = hostname().replaceAll(/[^\w.-]/g, '_') || 'host';
  const paths = file ? [file] : Array.from({ length: FILES_PER_HOST }, (_, i) => join(folder, `${host}-${i}.db`));
  for (const path of paths) {
    try {
      const index = await openIndex(path, logger);
      if (!file) await removeUnused(folder, basename(path), clock).catch(() => undefined);
      return index;
    } catch (error) {
      if (AppError.from(error).code === 'unavailable' && !file) continue;
      logger.warn({ path, error: AppError.from(error).message }, 'the index is kept in memory');
      break;
    }
  }
  return new EvaluationIndex(opened(':memory:'));
}

/** Has the file to itself, so that no shared memory is needed, which network file systems do not have. */
function opened(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const version = Number(db.prepare('PRAGMA user_version').get()!['user_version']);
    const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()!['n']);
    if (tables === 0) db.exec(`BEGIN; ${TABLES} COMMIT;`);
    else if (version !== SCHEMA_VERSION) throw new OtherSchema(version);
    else if (db.prepare('PRAGMA quick_check(1)').get()!['quick_check'] !== 'ok') throw new OtherSchema(version);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

class OtherSchema extends Error {
  constructor(version: number) {
    super(`its schema is ${version}, or it is damaged`);
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED. */
const isTaken = (error: unknown): boolean => [5, 6].includes(sqliteCode(error));
/** SQLITE_ERROR (other tables), SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR of a file that was cut short. */
const isUnusable = (error: unknown): boolean => error instanceof OtherSchema || [1, 10, 11, 26].includes(sqliteCode(error));

const sqliteCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;

async function removeUnused(folder: string, own: string, clock: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(own)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (clock.now() - mtimeMs > UNUSED_MS) await rm(join(folder, name), { force: true });
  }
}
