/**
 * Seven projects. `npm test` runs unit and alone, then integration and beside it browser, and proof: samples of `npm run proof`. Before a
 * release also `npm run release` and `npm run chaos`: what takes long.
 * Tests run in processes of their own and mirror the tree (unit) or are named by behaviour (integration).
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** No test exports traces, touches a coordinator, Redis or home of the developer, or finds a real key or endpoint. */
const env = {
  NODE_ENV: 'test',
  OTEL_SDK_DISABLED: 'true',
  OTEL_EXPORTER_OTLP_ENDPOINT: '',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '',
  OTEL_TRACES_EXPORTER: '',
  ASSAY_ADDRESS: '',
  ASSAY_TOKEN: '',
  ASSAY_REDIS_URL: '',
  // Hundreds of short processes are started; compiled code that is kept halves what each of them costs.
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] || join(import.meta.dirname, '.tools/compile-cache'),
  ASSAY_HOME: join(tmpdir(), `assay-test-home-${process.pid}`),
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  ANTHROPIC_API_KEY: '',
};

/** Unit tests that change what a process has but once, such as its tracer: each file has a process of its own. */
const ALONE = ['test/unit/**/*.alone.test.ts'];

/** The proof is one file, the longest of all: it begins first, and the others run beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isProof = ({ project }: TestSpecification): boolean => project.name === 'proof';
    const sorted = await super.sort(files);
    return [...sorted.filter(isProof), ...sorted.filter((file) => !isProof(file))];
  }
}

/** Files that start servers of their own, and wait for them half of their time. */
const AT_ONCE = 3;

export default defineConfig({
  test: {
    env,
    pool: 'forks',
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'],
          exclude: ALONE,
          testTimeout: 45_000,
          // A process loads the modules once for all of its files, which takes half of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, testTimeout: 45_000 } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          teardownTimeout: 30_000,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // What a page shows comes when it comes.
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          teardownTimeout: 30_000,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'proof',
          include: ['test/proof/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'release',
          include: ['test/release/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
