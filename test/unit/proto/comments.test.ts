/** The prose of proto/ is the protocol's specification: everything in it has a comment of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

interface Named {
  name: string;
}
interface Message extends Named {
  field?: (Named & { oneofIndex?: number; proto3Optional?: boolean })[];
  nestedType?: Message[];
  enumType?: Enum[];
  oneofDecl?: Named[];
  options?: { mapEntry?: boolean };
}
interface Enum extends Named {
  value?: Named[];
}
interface File extends Named {
  package: string;
  messageType?: Message[];
  enumType?: Enum[];
  service?: (Named & { method?: Named[] })[];
  sourceCodeInfo: { location: { path?: number[]; leadingComments?: string; trailingComments?: string }[] };
}

/** The numbers of fields in descriptor.proto, of which a location's path is made. */
const FILE = { messageType: 4, enumType: 5, service: 6 };
const MESSAGE = { field: 2, nestedType: 3, enumType: 4, oneofDecl: 8 };

async function filesOfAssay(): Promise<File[]> {
  const { stdout } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/buf'), ['build', 'proto', '-o', '-#format=json'], {
    cwd: ROOT,
    maxBuffer: 64 << 20,
  });
  return (JSON.parse(stdout) as { file: File[] }).file.filter((file) => file.package === 'assay.v1');
}

/** Every element of a file with its path. */
function* elementsOf(file: File): Generator<[name: string, path: number[]]> {
  yield* each(file.service, [FILE.service], function* (service, path) {
    yield [service.name, path];
    yield* each(service.method, [...path, 2], function* (method, at) {
      yield [`${service.name}.${method.name}`, at];
    });
  });
  yield* each(file.messageType, [FILE.messageType], (message, path) => ofMessage(message, path, ''));
  yield* each(file.enumType, [FILE.enumType], (one, path) => ofEnum(one, path, ''));
}

function* ofMessage(message: Message, path: number[], outer: string): Generator<[string, number[]]> {
  if (message.options?.mapEntry) return;
  const name = `${outer}${message.name}`;
  yield [name, path];
  yield* each(message.field, [...path, MESSAGE.field], function* (field, at) {
    yield [`${name}.${field.name}`, at];
  });
  // An optional field is a oneof of its own, which nobody has written.
  const written = (message.oneofDecl ?? []).filter((_, i) => !message.field?.some((f) => f.oneofIndex === i && f.proto3Optional));
  yield* each(written, [...path, MESSAGE.oneofDecl], function* (oneof, at) {
    yield [`${name}.${oneof.name}`, at];
  });
  yield* each(message.nestedType, [...path, MESSAGE.nestedType], (nested, at) => ofMessage(nested, at, `${name}.`));
  yield* each(message.enumType, [...path, MESSAGE.enumType], (one, at) => ofEnum(one, at, `${name}.`));
}

function* ofEnum(one: Enum, path: number[], outer: string): Generator<[string, number[]]> {
  yield [`${outer}${one.name}`, path];
  yield* each(one.value, [...path, 2], function* (value, at) {
    yield [`${outer}${one.name}.${value.name}`, at];
  });
}

function* each<T>(
  items: readonly T[] | undefined,
  path: number[],
  visit: (item: T, path: number[]) => Generator<[string, number[]]>,
): Generator<[string, number[]]> {
  for (const [i, item] of (items ?? []).entries()) yield* visit(item, [...path, i]);
}

describe('the protocol says what it means', () => {
  test('every service, method, message, field, oneof, enum and value has a comment', async () => {
    const files = await filesOfAssay();
    const missing: string[] = [];
    let seen = 0;
    for (const file of files) {
      const commented = new Set(
        file.sourceCodeInfo.location
          .filter((l) => (l.leadingComments ?? l.trailingComments ?? '').trim().length > 2)
          .map((l) => (l.path ?? []).join('.')),
      );
      for (const [name, path] of elementsOf(file)) {
        seen++;
        if (!commented.has(path.join('.'))) missing.push(`${file.name}: ${name}`);
      }
    }
    expect(files.map((file) => file.name).toSorted()).toEqual([
      'assay/v1/agent.proto',
      'assay/v1/audit.proto',
      'assay/v1/books.proto',
      'assay/v1/course.proto',
      'assay/v1/evaluation.proto',
      'assay/v1/identity.proto',
      'assay/v1/logs.proto',
      'assay/v1/operator.proto',
      'assay/v1/record.proto',
      'assay/v1/types.proto',
      'assay/v1/why.proto',
    ]);
    expect(seen).toBeGreaterThan(400);
    expect(missing).toEqual([]);
  });
});
