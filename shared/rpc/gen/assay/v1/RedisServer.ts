// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One server, by what it says of itself. Managed servers withhold some of it: what is absent, or empty, is not known.
 */
export interface RedisServer {
  /**
   * Where the coordinator is connected to.
   */
  'address'?: (string);
  /**
   * Why it does not answer; empty: it does. Otherwise nothing else is known of it.
   */
  'problem'?: (string);
  /**
   * `redis`, `valkey`, or what else it calls itself.
   */
  'kind'?: (string);
  /**
   * Its version.
   */
  'version'?: (string);
  /**
   * `standalone`, `sentinel`, `cluster`.
   */
  'mode'?: (string);
  /**
   * `primary`, `replica`.
   */
  'role'?: (string);
  /**
   * Replicas that are online.
   */
  'replicas'?: (number);
  /**
   * What it has in memory.
   */
  'usedBytes'?: (number | string | Long);
  /**
   * maxmemory; 0: no bound.
   */
  'maxBytes'?: (number | string | Long);
  /**
   * What it does when it is full: maxmemory-policy.
   */
  'policy'?: (string);
  /**
   * Whether it keeps an append-only file.
   */
  'aof'?: (boolean);
  /**
   * When it syncs that file: `always`, `everysec`, `no`.
   */
  'appendfsync'?: (string);
  /**
   * Connections of everybody.
   */
  'clients'?: (number);
  /**
   * How many it takes.
   */
  'maxClients'?: (number);
  /**
   * How long it has run.
   */
  'upMs'?: (number | string | Long);
  /**
   * How long it took to answer a PING, in microseconds.
   */
  'latencyUs'?: (number | string | Long);
  '_replicas'?: "replicas";
  '_usedBytes'?: "usedBytes";
  '_maxBytes'?: "maxBytes";
  '_aof'?: "aof";
  '_clients'?: "clients";
  '_maxClients'?: "maxClients";
  '_upMs'?: "upMs";
  '_latencyUs'?: "latencyUs";
}

/**
 * One server, by what it says of itself. Managed servers withhold some of it: what is absent, or empty, is not known.
 */
export interface RedisServer__Output {
  /**
   * Where the coordinator is connected to.
   */
  'address': (string);
  /**
   * Why it does not answer; empty: it does. Otherwise nothing else is known of it.
   */
  'problem': (string);
  /**
   * `redis`, `valkey`, or what else it calls itself.
   */
  'kind': (string);
  /**
   * Its version.
   */
  'version': (string);
  /**
   * `standalone`, `sentinel`, `cluster`.
   */
  'mode': (string);
  /**
   * `primary`, `replica`.
   */
  'role': (string);
  /**
   * Replicas that are online.
   */
  'replicas'?: (number);
  /**
   * What it has in memory.
   */
  'usedBytes'?: (string);
  /**
   * maxmemory; 0: no bound.
   */
  'maxBytes'?: (string);
  /**
   * What it does when it is full: maxmemory-policy.
   */
  'policy': (string);
  /**
   * Whether it keeps an append-only file.
   */
  'aof'?: (boolean);
  /**
   * When it syncs that file: `always`, `everysec`, `no`.
   */
  'appendfsync': (string);
  /**
   * Connections of everybody.
   */
  'clients'?: (number);
  /**
   * How many it takes.
   */
  'maxClients'?: (number);
  /**
   * How long it has run.
   */
  'upMs'?: (string);
  /**
   * How long it took to answer a PING, in microseconds.
   */
  'latencyUs'?: (string);
  '_replicas'?: "replicas";
  '_usedBytes'?: "usedBytes";
  '_maxBytes'?: "maxBytes";
  '_aof'?: "aof";
  '_clients'?: "clients";
  '_maxClients'?: "maxClients";
  '_upMs'?: "upMs";
  '_latencyUs'?: "latencyUs";
}
