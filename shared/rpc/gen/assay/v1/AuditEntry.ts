// Original file: proto/assay/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A call that was denied, or a privileged one that was allowed.
 */
export interface AuditEntry {
  /**
   * The chain that it stands in.
   */
  'chain'?: (string);
  /**
   * Its line there, from 1.
   */
  'line'?: (number | string | Long);
  /**
   * When it was decided, in ms since the epoch, by the coordinator's clock.
   */
  'atMs'?: (number | string | Long);
  /**
   * Who called: the name, with the id of the token. `nobody` where nobody was verified.
   */
  'who'?: (string);
  /**
   * How that was proved: local, token, agent, jwt, certificate, nobody.
   */
  'by'?: (string);
  /**
   * The method's full path.
   */
  'method'?: (string);
  /**
   * Where the call came from.
   */
  'peer'?: (string);
  /**
   * `ok` or `denied`.
   */
  'outcome'?: (string);
  /**
   * Why it was denied.
   */
  'reason'?: (string);
  /**
   * The namespace that it was about, where one is known.
   */
  'namespace'?: (string);
  /**
   * The evaluation, task, token, agent or route that it was about, where there is one.
   */
  'target'?: (string);
  /**
   * So many more calls of this caller were denied in that minute, of which nothing else is told.
   */
  'more'?: (number | string | Long);
}

/**
 * A call that was denied, or a privileged one that was allowed.
 */
export interface AuditEntry__Output {
  /**
   * The chain that it stands in.
   */
  'chain': (string);
  /**
   * Its line there, from 1.
   */
  'line': (string);
  /**
   * When it was decided, in ms since the epoch, by the coordinator's clock.
   */
  'atMs': (string);
  /**
   * Who called: the name, with the id of the token. `nobody` where nobody was verified.
   */
  'who': (string);
  /**
   * How that was proved: local, token, agent, jwt, certificate, nobody.
   */
  'by': (string);
  /**
   * The method's full path.
   */
  'method': (string);
  /**
   * Where the call came from.
   */
  'peer': (string);
  /**
   * `ok` or `denied`.
   */
  'outcome': (string);
  /**
   * Why it was denied.
   */
  'reason': (string);
  /**
   * The namespace that it was about, where one is known.
   */
  'namespace': (string);
  /**
   * The evaluation, task, token, agent or route that it was about, where there is one.
   */
  'target': (string);
  /**
   * So many more calls of this caller were denied in that minute, of which nothing else is told.
   */
  'more': (string);
}
