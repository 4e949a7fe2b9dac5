// Original file: proto/assay/v1/identity.proto

/**
 * What a caller may do. None contains another.
 */
export const Scope = {
  /**
   * Never sent.
   */
  SCOPE_UNSPECIFIED: 'SCOPE_UNSPECIFIED',
  /**
   * Upload, submit, validate, update; run samples again.
   */
  SCOPE_SUBMIT: 'SCOPE_SUBMIT',
  /**
   * Everything that only reads evaluations.
   */
  SCOPE_READ: 'SCOPE_READ',
  /**
   * Pause, resume, cancel, skip.
   */
  SCOPE_CANCEL: 'SCOPE_CANCEL',
  /**
   * Agents, routes, the store, repairs. All but repairs of one evaluation concern every namespace.
   */
  SCOPE_OPERATE: 'SCOPE_OPERATE',
  /**
   * Make, list and revoke tokens; delete evaluations.
   */
  SCOPE_ADMIN: 'SCOPE_ADMIN',
  /**
   * Work as an agent, for the namespaces of the token.
   */
  SCOPE_AGENT: 'SCOPE_AGENT',
} as const;

/**
 * What a caller may do. None contains another.
 */
export type Scope =
  /**
   * Never sent.
   */
  | 'SCOPE_UNSPECIFIED'
  | 0
  /**
   * Upload, submit, validate, update; run samples again.
   */
  | 'SCOPE_SUBMIT'
  | 1
  /**
   * Everything that only reads evaluations.
   */
  | 'SCOPE_READ'
  | 2
  /**
   * Pause, resume, cancel, skip.
   */
  | 'SCOPE_CANCEL'
  | 3
  /**
   * Agents, routes, the store, repairs. All but repairs of one evaluation concern every namespace.
   */
  | 'SCOPE_OPERATE'
  | 4
  /**
   * Make, list and revoke tokens; delete evaluations.
   */
  | 'SCOPE_ADMIN'
  | 5
  /**
   * Work as an agent, for the namespaces of the token.
   */
  | 'SCOPE_AGENT'
  | 6

/**
 * What a caller may do. None contains another.
 */
export type Scope__Output = typeof Scope[keyof typeof Scope]
