/** How the agent comes to a coordinator: with the key that it has joined with, or with a token; both and the files of TLS are read again each time. */
import type { Redactor } from '../shared/domain/redactor.ts';
import { connectAgent } from '../shared/rpc/agent-stream.ts';
import { dialWith, TlsFiles } from '../shared/rpc/tls-files.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import { tokenOf, type AgentConfig } from './config.ts';
import { AgentKeys, type AgentKey } from './keys/key-file.ts';
import { bearerOf, proving } from './keys/proving.ts';
import type { AgentDuplex } from './session/session.ts';

export interface DialerParts {
  /** With which it has joined; undefined: it has a token, or needs none. */
  key: AgentKey | undefined;
  redactor: Redactor;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

export function dialer(config: AgentConfig, parts: DialerParts): (address: string) => Promise<AgentDuplex> {
  const { key, redactor, logger } = parts;
  const tlsFiles =
    config.tls && config.tlsFiles
      ? new TlsFiles({ paths: config.tlsFiles, onProblem: (problem) => logger.error({ problem }, 'the new files of TLS are refused') })
      : undefined;
  const keys = key && new AgentKeys(config.spool, key);
  const dial = (address: string, token: string | undefined): AgentDuplex =>
    connectAgent({
      address,
      tls: config.tls,
      ...(token === undefined ? {} : { token }),
      // Without TLS no authority is passed on: its presence alone would mean TLS.
      ...(tlsFiles && dialWith(tlsFiles.current().material)),
    });
  return async (address) => {
    if (keys) return proving(dial(address, bearerOf(keys)), { ...parts, keys });
    const token = tokenOf(config);
    // It may be another one than at the start.
    if (token !== undefined) redactor.learn(token);
    return dial(address, token);
  };
}
