/** What `assay agent --help` prints. config.ts and model-config.ts read these settings; docs/agents.md is their manual. */
export const HELP = `Usage: assay agent --config agent.yaml
       assay agent join --config agent.yaml < join.token

Dials out to a coordinator, takes samples for the models that it serves, runs and scores them, and reports. It needs no
open port. Keys never leave it.

  --config FILE         its settings, a YAML file (required)
  --check               only read the settings, say what they mean, and end
  --join                first join the fleet, as assay agent join does; one that has joined before just starts
  --join-token-file F   where the join token is (or ASSAY_JOIN_TOKEN; else standard input)
  --exit-with-parent    end when standard input does
  -h, --help            this text

agent.yaml:
  addresses: [coordinator-1:4510, coordinator-2:4510]    # or ASSAY_ADDRESS
  models:                                                # what it serves; * stands for anything
    - {match: openai/*, provider: openai, api_key_env: OPENAI_API_KEY, max_connections: 20}
    - {match: vllm/*, provider: openai, base_url: "http://127.0.0.1:8000/v1", max_connections: 64}
    - {match: mock/*, provider: mock}
  commands:                                              # programs that specs may name as scorers
    grader: {argv: [./grader.py], instances: 2}
  urls: ["http://127.0.0.1:9000/*"]                      # URLs that specs may name as scorers and solvers
  policy: {namespaces: [team-a], spend_per_day: {usd: 50}}   # what it never does, or a file: docs/agent-policy.md
  sandbox: {kind: bubblewrap}                            # runs programs of models, for the scorer code_execution
  name: gpu-7                   # default: the host's name
  labels: {zone: eu}            # what evaluations may ask for
  token_file: token             # or ASSAY_TOKEN_FILE, or the token itself in ASSAY_TOKEN
  tls_ca: ca.pem                # the authority of the coordinators' certificates, or ASSAY_TLS_CA; means TLS
  tls_client_cert: agent.pem    # shown to coordinators that ask for it, with tls_client_key; ASSAY_TLS_CLIENT_CERT, _KEY
  tls: true                     # or ASSAY_TLS; default: to every host but this one
  spool: /var/lib/assay/gpu-7   # unacknowledged results; default ASSAY_HOME/agents/NAME
  spool_max_bytes: 1073741824   # where it takes no more samples
  cache: {max_bytes: 1073741824}   # completions that specs may ask to be kept, in dir (default SPOOL/cache); false: none
  drain_ms: 10m                 # how long running samples may go on after SIGTERM
  http: 127.0.0.1:9465          # /metrics and /healthz; beyond this machine only with http_open: true
  log_level: info               # or ASSAY_LOG_LEVEL
  slots: 0                      # places for whole-task work

An entry of models has match, provider, base_url, max_connections, look_ahead, endpoint, stream, idle_timeout, options;
spend_per_day: {usd, tokens}; and its key by api_key_file, api_key_credential, api_key_command or api_key_env, and
api_key_max_age. A variable goes before the file. OTEL_ variables switch traces on.

The first SIGTERM drains, a second one aborts. Exit codes: 0 drained or stopped, 1 refused by the coordinator or failed,
2 a setting is wrong.
`;
