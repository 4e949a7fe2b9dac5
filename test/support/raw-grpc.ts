/** gRPC calls as they are on the wire: any path, any headers, as much of a message as a test wants. */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';

export type Headers = Record<string, string | string[]>;

/** Of a call that HTTP/2 itself has ended. */
export const RESET = 'reset';

/** The call, and the status's number with which it ends. */
export function openRaw(session: ClientHttp2Session, path: string, headers: Headers): { call: ClientHttp2Stream; status: Promise<string> } {
  const call = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  let status = 'none';
  const { promise, resolve } = Promise.withResolvers<string>();
  const see = (seen: { 'grpc-status'?: string | string[] | undefined }): void => {
    const told = seen['grpc-status'];
    if (told === undefined) return;
    status = [told].flat().join();
    resolve(status);
  };
  call.on('response', see as never).on('trailers', see as never);
  call.on('error', () => (status = RESET));
  call.on('close', () => resolve(status));
  return { call, status: promise };
}

/** One message with its head. */
export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
