/** What `assay coordinator --help` prints. Says the same as the table in config.ts and docs/operations.md. */
export const HELP = `usage: assay coordinator --redis URL --store PLACE [options]

Each option is also a variable (ASSAY_LISTEN for --listen; ASSAY_REDIS_URL for --redis) and a key of the YAML file
(lease_ms for --lease-ms; redis_url for --redis). An option goes before a variable, a variable before the file.

  --listen HOST:PORT         where clients and agents connect; also unix:/path (127.0.0.1:4510)
  --redis URL                redis://, rediss:// or unix:/path; redis+sentinel://HOST:26379,HOST…/NAME;
                             redis+cluster://HOST:PORT,HOST:PORT…
  --store PLACE              directory that all coordinators share, or s3://BUCKET/PREFIX
  --index FILE               this coordinator's index of evaluations; derived (a file in the directory)
  --token-file FILE          the token that every call must bear; ASSAY_TOKEN holds the token itself
  --tls-cert FILE            PEM of the certificate and its chain …
  --tls-key FILE             … and of its key; with both, TLS is spoken. Both and a token are needed beyond loopback
  --tls-client-ca FILE       PEM of an authority: every caller must show a certificate that it has signed (none is asked for)
  --tls-reload-ms TIME       how often the files of certificates are looked at; new ones need no restart (10s)
  --identities FILE          a YAML file: OIDC issuers whose JWTs are taken, certificates of callers that are enough by themselves (none)
  --alerts FILE              a YAML file: where to tell of failures, lost agents, stuck queues and the like (none)
  --http HOST:PORT           serves the JSON API, the page, /metrics, /healthz and /readyz (not served)
  --http-origins LIST        other names of that server, such as a proxy’s: https://NAME, … (none)
  --http-open-metrics BOOL   whether beyond this machine everybody may read /metrics (false)
  --config FILE              a YAML file with any of these

  --lease-ms TIME            how long a silent agent keeps its tasks (15s)
  --heartbeat-ms TIME        what agents are asked to keep, a third of a lease at most (5s)
  --accept-ms TIME           how long an agent may take to accept a task that it was sent (10s)
  --sweep-ms TIME            period of the background duties (1s)
  --drain-ms TIME            how long a stop waits for agents and calls (5s)
  --task-soft-ms TIME        a task that takes longer: its agent is asked to let go of what it has not started (no limit)
  --task-hard-ms TIME        a task that takes longer is taken back; the third time its open samples are given up (no limit)
  --max-content-bytes N      the largest dataset (8 GiB)
  --redis-headroom-percent N  of Redis's maxmemory, kept for what is accepted; beyond it submits are refused (20)
  --store-headroom-bytes N   of the store's file system, the same (256 MiB)
  --max-unfinished N         evaluations that are not finished, at most (10000)
  --max-connections N        of all callers together (8192)
  --max-connections-per-peer N  of one address; 0 is no bound (512; none if only this machine can reach it)
  --max-streams-per-connection N  calls at a time on one connection (1000)
  --max-messages-per-second N  that one stream may send; what is more waits (2000)
  --max-pending-bytes N      of requests that are not whole and answers that are not taken, of all callers (512 MiB)
  --max-pending-bytes-per-peer N  the same of one address (128 MiB)
  --handshake-ms TIME        what a handshake may take (10s)
  --call-ms TIME             what a request may take to arrive, and a short call to be answered (60s)
  --slow-ms TIME             how long an upload may stand, and an answer that is not taken (60s)
  --redis-plaintext BOOL     allows a Redis beyond this machine without TLS with --profile production (false)
  --require-leases BOOL      turn agents away that keep no signed leases: releases before wire version 1.3 (false)
  --fetch-private BOOL       whether https datasets may come from private networks (true if only this machine can reach it)
  --keep-for TIME            finished evaluations older than that are removed, the oldest first (kept for ever)
  --keep-evaluations N       of finished evaluations beyond so many the oldest are removed (all kept)
  --keep-bytes N             the same for the bytes that they have together, datasets not counted (all kept)
  --keep-ledger TIME         how long Redis still knows an evaluation that is final (24h)
  --keep-ledgers N           of those beyond so many Redis forgets the oldest (10000)
  --keep-ledger-bytes N      the same for the bytes that they take in Redis (no bound)
  --keep-log-bytes N         of the lines about one evaluation; 0: none are taken (16 MiB)
  --keep-audit TIME          how long the audit log is kept (400d)
  --prices FILE              a JSON table of prices of models for estimates (built in)
  --key-prefix NAME          before every key in Redis (assay)
  --profile NAME             production refuses a Redis without append-only file, or with eviction (development: warns)
  --durability CLASS         what Redis must reach before an acknowledgement: fsynced, replicated:K, replicated_fsynced:K
                             (auto: what its settings give)
  --log-level LEVEL          fatal, error, warn, info, debug, trace or silent (info)
  --exit-with-parent         ends when standard input does

Exit codes: 0 stopped by a signal, 1 a failure, 2 a fault of the settings. The manual: docs/operations.md.
`;
