/** Who a caller's certificate says it is. Of verified certificates only: a door that asks for them takes no others. */
import type { PeerCertificate } from 'node:tls';
import type { PeerIdentity } from '../identity/authenticator.ts';

interface CallWithPeer {
  getAuthContext(): { transportSecurityType?: string | undefined; sslPeerCertificate?: PeerCertificate | undefined };
}

/**
 * The identity of the peer that makes this call, or undefined: there is no certificate, or none that names exactly one. A URI goes before
 * names; with several URIs, or with several names and no URI, one of them would have to be guessed.
 */
export const peerIdentityOf = (call: CallWithPeer): PeerIdentity | undefined =>
  identityOfCertificate(call.getAuthContext().sslPeerCertificate);

/** The same of a certificate. */
export function identityOfCertificate(certificate: PeerCertificate | undefined): PeerIdentity | undefined {
  if (!certificate?.subjectaltname) return undefined;
  const names = alternativeNames(certificate.subjectaltname);
  if (!names) return undefined;
  const of = (type: string): string[] => names.filter((entry) => entry.type === type).map(({ value }) => value);
  const [uris, hosts] = [of('URI'), of('DNS')];
  const [name] = uris.length > 0 ? uris : hosts;
  if (name === undefined || name === '' || uris.length > 1 || (uris.length === 0 && hosts.length > 1)) return undefined;
  return {
    name: uris.length > 0 ? name : name.toLowerCase(),
    kind: uris.length > 0 ? 'uri' : 'dns',
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    untilMs: Date.parse(certificate.valid_to),
  };
}

/** One entry of Node's text: `TYPE:value`, with the value as JSON where it holds what would end it. */
const ENTRY = /^([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^",]*))(?:, |$)/;

/** undefined: the text has a form that is not known, and nothing is believed of it. */
function alternativeNames(text: string): { type: string; value: string }[] | undefined {
  const names: { type: string; value: string }[] = [];
  for (let rest = text; rest !== '';) {
    const [whole, type, quoted, plain = ''] = ENTRY.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    let value = plain;
    try {
      if (quoted !== undefined) value = JSON.parse(quoted) as string;
    } catch {
      return undefined;
    }
    names.push({ type: type!, value });
    rest = rest.slice(whole.length);
  }
  return names;
}
