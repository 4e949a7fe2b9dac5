/** `sandbox` of agent.yaml: whether programs of models are run here, and by what. */
import { availableParallelism } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { faultsOf } from '../shared/domain/spec-faults.ts';
import type { PermitSources } from './permit-config.ts';
import { isProgram, type SandboxConfig } from './sandbox/sandbox.ts';

const path = z.string().min(1).max(4096);
const schema = z.strictObject({
  kind: z.literal('bubblewrap'),
  bubblewrap: path.optional(),
  python: path.default('/usr/bin/python3'),
  max_runs: z.int().min(1).max(1024).optional(),
});

/** undefined where it is wrong: its faults go to `fault`. What is not there is no fault but told by the sandbox's own test. */
export function readSandbox({ value, place, folder, environment, fault }: PermitSources): SandboxConfig | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fault(place, 'is no mapping; write `sandbox: {kind: bubblewrap}`');
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    for (const { place: key, problem } of faultsOf(parsed.error.issues, value, schema)) fault(`${place}.${key}`, problem);
    return undefined;
  }
  const { kind, bubblewrap, python, max_runs: maxRuns = availableParallelism() } = parsed.data;
  const inPath = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((dir) => join(dir, 'bwrap'));
  return {
    kind,
    bubblewrap: bubblewrap === undefined ? inPath.find(isProgram) : resolve(folder, bubblewrap),
    python: resolve(folder, python),
    maxRuns,
  };
}
