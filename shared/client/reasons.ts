/** Why there is no connection, in plain words. Pure. */

/** What the transport wraps around the reason of a failed connection is of no use to people. */
export function reasonOf(message: string): string {
  const reason = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(message)?.[1] ?? message;
  if (isRefused(message)) return /ENOENT/.test(reason) ? 'there is no such socket' : 'nothing listens there: the connection was refused';
  if (/^(?:\w+: )*Protocol error/.test(reason)) return 'what answers there is no coordinator, or one that wants TLS';
  return reason;
}

/** Nobody listens at the address: said by the transport itself, not by a coordinator that was refused by somebody else. */
export const isRefused = (message: string): boolean =>
  /No connection established\..*Last error: (?:Error: )?connect (?:ECONNREFUSED|ENOENT) /s.test(message);
