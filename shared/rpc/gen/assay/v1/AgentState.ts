// Original file: proto/assay/v1/operator.proto

/**
 * Whether an agent takes work.
 */
export const AgentState = {
  /**
   * Never sent.
   */
  AGENT_STATE_UNSPECIFIED: 'AGENT_STATE_UNSPECIFIED',
  /**
   * Connected, takes work.
   */
  AGENT_STATE_READY: 'AGENT_STATE_READY',
  /**
   * Connected, finishes what it holds and takes nothing new: by DrainAgent, or because it stops. Or quarantined.
   */
  AGENT_STATE_DRAINING: 'AGENT_STATE_DRAINING',
  /**
   * Not connected now.
   */
  AGENT_STATE_GONE: 'AGENT_STATE_GONE',
} as const;

/**
 * Whether an agent takes work.
 */
export type AgentState =
  /**
   * Never sent.
   */
  | 'AGENT_STATE_UNSPECIFIED'
  | 0
  /**
   * Connected, takes work.
   */
  | 'AGENT_STATE_READY'
  | 1
  /**
   * Connected, finishes what it holds and takes nothing new: by DrainAgent, or because it stops. Or quarantined.
   */
  | 'AGENT_STATE_DRAINING'
  | 2
  /**
   * Not connected now.
   */
  | 'AGENT_STATE_GONE'
  | 3

/**
 * Whether an agent takes work.
 */
export type AgentState__Output = typeof AgentState[keyof typeof AgentState]
