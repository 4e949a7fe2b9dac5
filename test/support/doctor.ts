/** `assay doctor` for tests: its findings, and what stands in for servers that are set up wrongly. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliHome, type CliHome } from './cli.ts';
import type { Ending } from './run-command.ts';

export interface Finding {
  level: 'ok' | 'note' | 'fault';
  subject: string;
  says: string;
  remedy?: string;
}

/** A command line with a home of its own, and what must be ended after the tests. */
export class Doctor {
  readonly cli: CliHome;
  readonly dir: string;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(cli: CliHome, dir: string) {
    this.cli = cli;
    this.dir = dir;
  }

  static async open(): Promise<Doctor> {
    return new Doctor(await cliHome(), await mkdtemp(join(tmpdir(), 'assay-doctor-')));
  }

  /** Called when the tests are over, the last one first. */
  atEnd(end: () => Promise<unknown>): void {
    this.#ends.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
    await this.cli.dispose();
    await rm(this.dir, { recursive: true, force: true });
  }

  async findings(args: string[], env: Record<string, string> = {}): Promise<{ code: Ending['code']; findings: Finding[] }> {
    const { code, stdout, stderr } = await this.cli.inside(['doctor', '--json', ...args], { env: { ASSAY_REDIS_URL: undefined, ...env } });
    if (stdout.trim() === '') throw new Error(`no findings: ${stderr}`);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding);
    return { code, findings };
  }

  /** Lets a server listen on a free port of loopback until the tests are over. */
  async listening(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    this.atEnd(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }
}

/** What is expected of one fault or note: about this, with these words, and this to type. */
export async function expectFinding(
  doctor: Doctor,
  args: string[],
  expected: { level?: 'fault' | 'note'; subject: string; says: RegExp; remedy: RegExp },
  env: Record<string, string> = {},
): Promise<void> {
  const { level = 'fault', subject, says, remedy } = expected;
  const { code, findings } = await doctor.findings(args, env);
  const found = findings.find((f) => f.level === level && f.subject === subject && says.test(f.says));
  assert.ok(found, `no ${level} of ${subject} says ${says}: ${JSON.stringify(findings)}`);
  assert.match(found.remedy ?? '', remedy);
  if (level === 'fault') assert.equal(code, 1);
}

/** A server that answers Redis's protocol with fixed replies, by the first word of the command. */
export function pretender(replies: Record<string, (words: string[]) => string>): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // Commands come as arrays of bulk strings; several may come at once.
      for (const command of data.toString().split(/(?=^\*\d+\r\n)/m)) {
        const words = command.split('\r\n').filter((line) => line !== '' && !/^[*$]\d+$/.test(line));
        if (words.length > 0) socket.write((replies[words[0]!.toUpperCase()] ?? ((): string => '-ERR unknown command\r\n'))(words));
      }
    });
  });
}
export const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
export const goodReplies = {
  HELLO: () => '%1\r\n+server\r\n+redis\r\n',
  CLIENT: () => '+OK\r\n',
  INFO: () => bulk('redis_version:7.0.15\r\nrole:master\r\nmaxmemory_policy:noeviction\r\n'),
  CONFIG: (words: string[]) => {
    const value = { appendonly: 'yes', appendfsync: 'everysec', 'maxmemory-policy': 'noeviction', maxmemory: '0' }[words[2]!] ?? '';
    return `*2\r\n${bulk(words[2]!)}${bulk(value)}`;
  },
  TIME: () => `*2\r\n${bulk(String(Math.floor(Date.now() / 1000)))}${bulk('0')}`,
};
