/** What `assay demo` evaluates: sums, three mock models, and the two agents that serve them. Pure. */
import type { AgentPlan } from './embedded/local-agent.ts';

const SUMS = 150;

/** One JSON object a line; always the same sums. */
export function demoDataset(): string {
  const line = (i: number): string => {
    const [a, b] = [(i * 37 + 11) % 100, (i * 53 + 29) % 100];
    return JSON.stringify({ id: `sum-${i + 1}`, question: `What is ${a} + ${b}?`, answer: String(a + b) });
  };
  return `${Array.from({ length: SUMS }, (_, i) => line(i)).join('\n')}\n`;
}

export const DEMO_SPEC = `name: demo
benchmarks:
  - benchmark: sums
    dataset:
      uri: file:sums.jsonl
      fields: {id: id, input: question, target: answer}
    prompt: {template: "{{ input }} Answer with the number."}
    scorers: [{name: match, args: {numeric: true}}]
models:
  - {model: mock/careful}
  - {model: mock/hasty}
  - {model: mock/shared}
`;

/** Two agents: one model each of its own, one that both serve. The hasty one's endpoint fails now and then. */
export const demoAgents = (): AgentPlan[] => [
  { name: 'north', models: [mock('mock/careful', 0.96, {}), mock('mock/shared', 0.8, {})] },
  { name: 'south', models: [mock('mock/hasty', 0.6, { rate_limit: 0.02, server_error: 0.02 }), mock('mock/shared', 0.8, {})] },
];

const mock = (match: string, accuracy: number, errorRate: Record<string, number>): AgentPlan['models'][number] => ({
  match,
  provider: 'mock',
  max_connections: 8,
  options: { latency_ms: 150, sigma: 0.4, accuracy, error_rate: errorRate, retry_after_ms: 200, seed: 7 },
});
