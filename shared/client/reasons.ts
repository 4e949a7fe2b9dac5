/** Why there is no connection, in plain words. Pure. */

/** What the transport wraps around the reason of a failed connection is of no use to people. */
export function reasonOf(message: string): string {
  const reason = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(message)?.[1] ?? message;
  if (isRefused(message)) return /ENOENT/.test(reason) ? 'there is no such socket' : 'nothing listens there: the connection was refused';
  if (/^(?:\w+: )*Protocol error/.test(reason)) return 'what answers there is no coordinator, or one that wants TLS';
  return reason;
}

/** What TLS says when two sides do not come together, in plain words, and what to do about it. */
const TLS_PROBLEMS: readonly (readonly [said: RegExp, problem: string, remedy: string])[] = [
  [/certificate required/, 'it wants a certificate of its callers', 'show one (--tls-client-cert and --tls-client-key)'],
  [
    /CERT_ALTNAME_INVALID/,
    'its certificate is for other names',
    'dial one of the names in it, or give it one for this address (subjectAltName)',
  ],
  [/certificate has expired/i, 'its certificate is over', 'put a new one in its place; if it is one, set the clock of this host'],
  [/certificate is not yet valid/i, 'its certificate begins later', 'compare the clocks of both hosts, or give it another one'],
  [/unsuitable certificate purpose/, 'its certificate is not for servers', 'give it one that is (extendedKeyUsage serverAuth, or none)'],
  [
    /unable to (?:verify|get) .*certificate|self.signed certificate|certificate signature failure/,
    'its certificate is signed by an authority that is not trusted here',
    'name the authority that signed it (--tls-ca, ASSAY_TLS_CA), or correct the address',
  ],
];

/** Whether the two sides do not come together by TLS. */
export const isTlsProblem = (message: string): boolean => TLS_PROBLEMS.some(([said]) => said.test(message));

/** Why no coordinator is ready, and what to do about it. */
export function notReady(message: string): { why: string; remedy: string } {
  const [, problem, remedy] = TLS_PROBLEMS.find(([said]) => said.test(message)) ?? [];
  return problem === undefined || remedy === undefined
    ? { why: reasonOf(message), remedy: 'start it, or correct the address' }
    : { why: problem, remedy };
}

/** Nobody listens at the address: said by the transport itself, not by a coordinator that was refused by somebody else. */
export const isRefused = (message: string): boolean =>
  /No connection established\..*Last error: (?:Error: )?connect (?:ECONNREFUSED|ENOENT) /s.test(message);
