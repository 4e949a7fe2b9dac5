// Original file: proto/assay/v1/agent.proto


/**
 * Whether an agent still takes work for an entry of Hello.models. A suspended entry gets no more samples on this stream
 * until the agent says it is back. Suspended for `quota` or `auth` the agent hands its units back unspent.
 */
export interface ModelStatus {
  /**
   * Index into Hello.models.
   */
  'modelIndex'?: (number);
  /**
   * True: no more samples for it, please. False: it takes work again.
   */
  'suspended'?: (boolean);
  /**
   * An error class (quota, auth, model_not_found), or the agent's own: spend_cap (its cap for today is reached), spool_full, draining.
   */
  'reason'?: (string);
  /**
   * Of a suspended one: after so many milliseconds, about, the agent tries again by itself; 0: it cannot say.
   */
  'retryMs'?: (number);
}

/**
 * Whether an agent still takes work for an entry of Hello.models. A suspended entry gets no more samples on this stream
 * until the agent says it is back. Suspended for `quota` or `auth` the agent hands its units back unspent.
 */
export interface ModelStatus__Output {
  /**
   * Index into Hello.models.
   */
  'modelIndex': (number);
  /**
   * True: no more samples for it, please. False: it takes work again.
   */
  'suspended': (boolean);
  /**
   * An error class (quota, auth, model_not_found), or the agent's own: spend_cap (its cap for today is reached), spool_full, draining.
   */
  'reason': (string);
  /**
   * Of a suspended one: after so many milliseconds, about, the agent tries again by itself; 0: it cannot say.
   */
  'retryMs': (number);
}
