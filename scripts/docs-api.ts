/** docs/reference/api.md from the protocol's specification: its services, messages and enums with their comments. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cell, code, head, table } from './docs-markdown.ts';

const ROOT = join(import.meta.dirname, '..');
/** In the order of the page. */
const FILES = ['evaluation', 'books', 'record', 'why', 'course', 'logs', 'operator', 'identity', 'audit', 'agent', 'types'].map(
  (name) => `assay/v1/${name}.proto`,
);
const PACKAGE = '.assay.v1.';

// Of a FileDescriptorSet in JSON, what the page shows.
interface Image {
  file: ProtoFile[];
}
interface ProtoFile {
  name: string;
  messageType?: Message[];
  enumType?: Enum[];
  service?: { name: string; method: Method[] }[];
  sourceCodeInfo: { location: { path?: number[]; leadingComments?: string }[] };
}
interface Message {
  name: string;
  field?: Field[];
  nestedType?: (Message & { options?: { mapEntry?: boolean } })[];
}
interface Field {
  name: string;
  number: number;
  type: string;
  typeName?: string;
  label: string;
  oneofIndex?: number;
  proto3Optional?: boolean;
}
interface Enum {
  name: string;
  value: { name: string; number: number }[];
}
interface Method {
  name: string;
  inputType: string;
  outputType: string;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
}

/** Numbers of fields in descriptor.proto: what a location's path is made of. */
const AT = { package: 2, message: 4, enum: 5, service: 6, member: 2 } as const;

export async function apiPage(): Promise<string> {
  const buf = join(ROOT, 'node_modules/.bin/buf');
  const args = ['build', 'proto', '-o', '-#format=json', ...FILES.flatMap((file) => ['--path', join('proto', file)])];
  const { stdout } = await promisify(execFile)(buf, args, { cwd: ROOT, timeout: 60_000, maxBuffer: 64 << 20 });
  const { file } = JSON.parse(stdout) as Image;
  const found = FILES.map((name) => file.find((f) => f.name === name)!);
  return `${head('The protocol', 'proto/assay/v1')}
The proto files are the specification; this page is all that they say. [The gRPC API](../api.md) is the way into it.
${found.map(fileSection).join('')}`;
}

function fileSection(file: ProtoFile): string {
  const comments = new Map(file.sourceCodeInfo.location.map((l) => [(l.path ?? []).join('.'), l.leadingComments?.trim() ?? '']));
  const comment = (...path: number[]): string => comments.get(path.join('.')) ?? '';
  const services = (file.service ?? []).map((service, s) => {
    const rows = service.method.map((m, i) => [
      code(m.name),
      `${m.clientStreaming ? 'stream ' : ''}${typeOf(m.inputType)} → ${m.serverStreaming ? 'stream ' : ''}${typeOf(m.outputType)}`,
      cell(comment(AT.service, s, AT.member, i)),
    ]);
    return `\n## ${service.name}\n\n${prose(comment(AT.package))}\n${table(['method', 'takes and gives', 'what'], rows)}`;
  });
  const title = services.length > 0 ? '' : `\n## Shared words\n\n${prose(comment(AT.package))}`;
  const messages = (file.messageType ?? []).map((message, m) => {
    const maps = new Map((message.nestedType ?? []).filter((n) => n.options?.mapEntry).map((n) => [n.name, n]));
    const rows = (message.field ?? []).map((field, i) => [
      code(field.name),
      fieldType(field, maps),
      String(field.number),
      cell(comment(AT.message, m, AT.member, i)),
    ]);
    return `\n### ${message.name}\n\n${prose(comment(AT.message, m))}${rows.length > 0 ? '\n' : ''}${table(['field', 'type', 'number', 'meaning'], rows)}`;
  });
  const enums = (file.enumType ?? []).map((type, e) => {
    const rows = type.value.map((v, i) => [code(v.name), String(v.number), cell(comment(AT.enum, e, AT.member, i))]);
    return `\n### ${type.name}\n\n${prose(comment(AT.enum, e))}\n${table(['value', 'number', 'meaning'], rows)}`;
  });
  return [title, ...services, ...messages, ...enums].join('');
}

/** `.assay.v1.Counts` as a link to its heading, other types by their name. */
function typeOf(name: string): string {
  if (!name.startsWith(PACKAGE)) return code(name.replace(/^\./, ''));
  const short = name.slice(PACKAGE.length);
  return `[${short}](#${short.toLowerCase()})`;
}

function fieldType(field: Field, maps: ReadonlyMap<string, Message>): string {
  const entry = maps.get(field.typeName?.split('.').at(-1) ?? '');
  if (entry?.field) return `map of ${fieldType(entry.field[0]!, maps)} to ${fieldType(entry.field[1]!, maps)}`;
  const base = field.typeName ? typeOf(field.typeName) : code(field.type.replace('TYPE_', '').toLowerCase());
  if (field.label === 'LABEL_REPEATED') return `list of ${base}`;
  if (field.proto3Optional) return `${base}, may be absent`;
  return field.oneofIndex === undefined ? base : `${base}, one of these`;
}

/** A comment as paragraphs; what is indented is a picture. */
function prose(comment: string): string {
  const paragraphs = comment.split(/\n\s*\n/).map((paragraph) => {
    const lines = paragraph.split('\n').map((line) => line.replace(/^ /, ''));
    return lines.some((line) => /^ {2,}/.test(line))
      ? `\`\`\`text\n${lines.join('\n')}\n\`\`\``
      : lines.map((line) => cell(line)).join('\n');
  });
  return `${paragraphs.join('\n\n')}\n`;
}
