/** What a coordinator says of its Redis. */

/** One server, by what it says of itself; what is absent is not known. */
export interface RedisServer {
  /** Where the coordinator is connected to. */
  address: string;
  /** Why it does not answer; then nothing else is known. */
  problem?: string;
  /** `redis`, `valkey`, or what else it calls itself. */
  kind?: string;
  version?: string;
  /** `standalone`, `sentinel`, `cluster`. */
  mode?: string;
  /** `primary`, `replica`. */
  role?: string;
  /** Those that are online. */
  replicas?: number;
  usedBytes?: number;
  /** maxmemory; 0: no bound. */
  maxBytes?: number;
  /** What it does when it is full: maxmemory-policy. */
  policy?: string;
  /** Whether it keeps an append-only file. */
  aof?: boolean;
  /** When it syncs that file: `always`, `everysec`, `no`. */
  appendfsync?: string;
  /** Connections of everybody, and how many it takes. */
  clients?: number;
  maxClients?: number;
  upMs?: number;
  /** How long it took to answer a PING, in microseconds. */
  latencyUs?: number;
}

/** Redis, as the coordinator sees it that answers. */
export interface RedisStatus {
  measuredAtMs: number;
  /** One, or one for each shard; none: they are not known for the moment. */
  servers: RedisServer[];
}
