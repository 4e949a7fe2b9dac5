// Original file: proto/assay/v1/agent.proto

import type { RunningSample as _assay_v1_RunningSample, RunningSample__Output as _assay_v1_RunningSample__Output } from '../../assay/v1/RunningSample.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What an agent that was killed, or crashed, has left on its disk.
 */
export interface PreviousLife {
  /**
   * Its Hello.instance_id.
   */
  'instanceId'?: (string);
  /**
   * When it last wrote something down, by the agent's clock: its end came later.
   */
  'seenAtMs'?: (number | string | Long);
  /**
   * What it was running, at most 1000. An attempt of that instance that is not named here was not running: the crash is not its fault.
   */
  'running'?: (_assay_v1_RunningSample)[];
  /**
   * The last of its warnings and errors, and of what its scorers' programs said, without secrets; at most 4096 bytes.
   */
  'lastOutput'?: (string);
}

/**
 * What an agent that was killed, or crashed, has left on its disk.
 */
export interface PreviousLife__Output {
  /**
   * Its Hello.instance_id.
   */
  'instanceId': (string);
  /**
   * When it last wrote something down, by the agent's clock: its end came later.
   */
  'seenAtMs': (string);
  /**
   * What it was running, at most 1000. An attempt of that instance that is not named here was not running: the crash is not its fault.
   */
  'running': (_assay_v1_RunningSample__Output)[];
  /**
   * The last of its warnings and errors, and of what its scorers' programs said, without secrets; at most 4096 bytes.
   */
  'lastOutput': (string);
}
