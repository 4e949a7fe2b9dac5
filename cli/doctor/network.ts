/** Addresses: can a coordinator listen there, does one answer, and does TLS fit. */
import { createServer, isIP, type Server } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { fault, note, ok, type Check, type Finding } from './check.ts';

const HANDSHAKE_MS = 5_000;
const SOON_MS = 14 * 24 * 3_600_000;

/** Whether HOST:PORT is free to listen on. */
export const listenCheck = (address: string): Check => ({
  subject: 'port',
  run: async () => {
    const { host, port } = hostAndPort(address);
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(port, host, resolve));
      return [ok('port', `${address} is free`)];
    } catch (error) {
      return [listenFault(address, port, error as NodeJS.ErrnoException)];
    } finally {
      await closed(server);
    }
  },
});

const closed = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

function listenFault(address: string, port: number, { code, message }: NodeJS.ErrnoException): Finding {
  if (code === 'EADDRINUSE')
    return fault(
      'port',
      `${address} is taken by another process`,
      `ss -ltnp 'sport = :${port}'   shows by which; or choose another: --listen HOST:PORT`,
    );
  if (code === 'EACCES') return fault('port', `this user may not listen on ${address}`, 'choose a port above 1023: --listen 0.0.0.0:4510');
  if (code === 'EADDRNOTAVAIL')
    return fault('port', `${address}: this host has no such address`, 'ip addr   shows those that it has; 0.0.0.0 means all');
  return fault('port', `${address} cannot be listened on (${message})`, 'choose another: --listen HOST:PORT');
}

/** TLS of one coordinator: its certificate, its names, its dates. `ca`: the authority to trust, PEM. */
export const tlsCheck = (address: string, ca: Buffer | undefined, now: () => number): Check => ({
  subject: 'TLS',
  run: async () => {
    const { host, port } = hostAndPort(address);
    const seen = await handshake(host, port, ca);
    if (seen.kind === 'failed') return [handshakeFault(address, seen.error)];
    const { certificate, problem } = seen;
    const until = Date.parse(certificate.valid_to);
    const show = 'openssl x509 -enddate -subject -ext subjectAltName -noout -in server.pem';
    if (until < now())
      return [
        fault(
          'TLS',
          `the certificate of ${address} ended on ${certificate.valid_to}`,
          'make a new one (docs/operations.md) and put it in its place',
        ),
      ];
    if (Date.parse(certificate.valid_from) > now())
      return [
        fault(
          'TLS',
          `the certificate of ${address} begins only on ${certificate.valid_from}`,
          "timedatectl   compare this host's clock; or make a new certificate",
        ),
      ];
    if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID')
      return [
        fault(
          'TLS',
          `the certificate of ${address} is for ${namesIn(certificate)}, not for ${host}`,
          `connect by one of its names, or make one for ${host} (subjectAltName)`,
        ),
      ];
    if (problem !== undefined)
      return [
        fault(
          'TLS',
          `the certificate of ${address} is signed by an authority that is not trusted here (${problem})`,
          '--tls-ca ca.pem   (ASSAY_TLS_CA) with the authority that signed it',
        ),
      ];
    const findings = [ok('TLS', `${address}, certificate good until ${certificate.valid_to}`)];
    if (until - now() < SOON_MS)
      findings.push(note('TLS', `that is in ${Math.ceil((until - now()) / 86_400_000)} days`, `${show}   and make a new one in time`));
    return findings;
  },
});

type Handshake =
  | { kind: 'failed'; error: NodeJS.ErrnoException }
  | { kind: 'seen'; certificate: PeerCertificate; problem: string | undefined };

/** Looks at the certificate whatever it is; nothing is sent over the connection. */
function handshake(host: string, port: number, ca: Buffer | undefined): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port,
      ALPNProtocols: ['h2'],
      ...(isIP(host) ? {} : { servername: host }),
      ...(ca ? { ca } : {}),
      rejectUnauthorized: false,
      timeout: HANDSHAKE_MS,
    });
    const end = (result: Handshake): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('error', (error) => end({ kind: 'failed', error }));
    socket.once('timeout', () => end({ kind: 'failed', error: new Error(`no handshake within ${HANDSHAKE_MS / 1000} s`) }));
    socket.once('secureConnect', () => {
      // Node puts the error's code here, although its types say Error.
      const problem = socket.authorizationError as unknown as string | { code?: string } | null;
      const code = typeof problem === 'string' ? problem : problem?.code;
      end({ kind: 'seen', certificate: socket.getPeerCertificate(), problem: socket.authorized ? undefined : (code ?? 'unknown') });
    });
  });
}

function handshakeFault(address: string, { code, message }: NodeJS.ErrnoException): Finding {
  if (code === 'ECONNREFUSED') return fault('TLS', `nothing listens at ${address}`, 'start the coordinator there, or correct --address');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return fault('TLS', `the name in ${address} cannot be resolved`, 'correct --address, or /etc/hosts');
  if (/WRONG_VERSION_NUMBER|wrong version number|packet length too long|ECONNRESET|socket disconnected/i.test(`${code} ${message}`))
    return fault(
      'TLS',
      `${address} does not speak TLS`,
      'start the coordinator with --tls-cert and --tls-key; or, on this host only: --no-tls',
    );
  return fault('TLS', `no TLS connection to ${address} (${message})`, 'look at the network between this host and it');
}

const namesIn = ({ subjectaltname, subject }: PeerCertificate): string =>
  (subjectaltname ?? `${subject?.CN ?? 'nobody'}`).replaceAll('DNS:', '').replaceAll('IP Address:', '');

/** `host:port` or `[v6]:port`, whose form was checked before. */
export function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}
