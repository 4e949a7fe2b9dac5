/** Where a server listens: `host:port`, `[v6]:port` or `unix:/path`. */
import { lstat, unlink } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';

export type ListenAddress =
  | { kind: 'unix'; path: string }
  /** Port 0: any free one. */
  | { kind: 'tcp'; host: string; port: number };

/** The kernel's limit for a socket's path, less its final zero byte. */
const MAX_SOCKET_PATH_BYTES = 107;

/** The address, or a sentence that says what is wrong with it. */
export function parseListen(text: string): ListenAddress | string {
  if (text.startsWith('unix:')) {
    const path = text.slice(5);
    if (!path.startsWith('/')) return 'the path of a unix socket must be absolute: unix:/path';
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) return `the path of a unix socket has at most ${MAX_SOCKET_PATH_BYTES} bytes`;
    return { kind: 'unix', path };
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (!match) return 'must be HOST:PORT, [IPV6]:PORT or unix:/path';
  const [host, port] = [(match[1] ?? match[2])!, Number(match[3])];
  if (match[1] !== undefined && isIP(host) !== 6) return `${match[1]} is no IPv6 address`;
  if (port > 65535) return 'a port is a number up to 65535';
  return { kind: 'tcp', host, port };
}

/** Whether only this machine can reach it. A name other than localhost may resolve to anything. */
export function isLocal(address: ListenAddress): boolean {
  if (address.kind === 'unix') return true;
  const { host } = address;
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export function formatListen(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return isIP(address.host) === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Makes the socket's folder (for this user alone) and removes a socket that a killed process has left behind. */
export async function prepareSocketPath(path: string): Promise<void> {
  await makeFolders(dirname(path), 0o700);
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new AppError('failed_precondition', `${path}: there is a file that is no socket; choose another path`);
  if (await answers(path))
    throw new AppError('failed_precondition', `${path}: another process listens there; stop it or choose another path`);
  await unlink(path).catch(() => undefined);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
