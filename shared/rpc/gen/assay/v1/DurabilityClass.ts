// Original file: proto/assay/v1/types.proto

/**
 * How durable Redis holds what was acknowledged. Whatever it says, the store had the submit or the command on disk before: what Redis
 * loses is rebuilt from there. The class says what needs no rebuilding.
 */
export const DurabilityClass = {
  /**
   * Of a coordinator that is too old to say. In a request: nothing is demanded beyond what the coordinator is set to.
   */
  DURABILITY_CLASS_UNSPECIFIED: 'DURABILITY_CLASS_UNSPECIFIED',
  /**
   * In the memory of the primary. On its disk within a second if it has `appendfsync everysec`; with `appendfsync no` nobody says when,
   * and without an append-only file never.
   */
  DURABILITY_CLASS_BUFFERED: 'DURABILITY_CLASS_BUFFERED',
  /**
   * In the append-only file of the primary, after an fsync.
   */
  DURABILITY_CLASS_FSYNCED: 'DURABILITY_CLASS_FSYNCED',
  /**
   * In the memory of so many replicas besides the primary.
   */
  DURABILITY_CLASS_REPLICATED: 'DURABILITY_CLASS_REPLICATED',
  /**
   * In the append-only files of the primary and of so many replicas, after an fsync each.
   */
  DURABILITY_CLASS_REPLICATED_FSYNCED: 'DURABILITY_CLASS_REPLICATED_FSYNCED',
} as const;

/**
 * How durable Redis holds what was acknowledged. Whatever it says, the store had the submit or the command on disk before: what Redis
 * loses is rebuilt from there. The class says what needs no rebuilding.
 */
export type DurabilityClass =
  /**
   * Of a coordinator that is too old to say. In a request: nothing is demanded beyond what the coordinator is set to.
   */
  | 'DURABILITY_CLASS_UNSPECIFIED'
  | 0
  /**
   * In the memory of the primary. On its disk within a second if it has `appendfsync everysec`; with `appendfsync no` nobody says when,
   * and without an append-only file never.
   */
  | 'DURABILITY_CLASS_BUFFERED'
  | 1
  /**
   * In the append-only file of the primary, after an fsync.
   */
  | 'DURABILITY_CLASS_FSYNCED'
  | 2
  /**
   * In the memory of so many replicas besides the primary.
   */
  | 'DURABILITY_CLASS_REPLICATED'
  | 3
  /**
   * In the append-only files of the primary and of so many replicas, after an fsync each.
   */
  | 'DURABILITY_CLASS_REPLICATED_FSYNCED'
  | 4

/**
 * How durable Redis holds what was acknowledged. Whatever it says, the store had the submit or the command on disk before: what Redis
 * loses is rebuilt from there. The class says what needs no rebuilding.
 */
export type DurabilityClass__Output = typeof DurabilityClass[keyof typeof DurabilityClass]
