import { expect, test } from 'vitest';
import { gpuNames, hostFacts } from '../../../agent/host-facts.ts';

test('what people are told of a host: short texts', async () => {
  const facts = await hostFacts();
  expect(facts).toMatchObject({ cpus: expect.stringMatching(/^\d+$/), memory: expect.stringMatching(/ GiB$/) });
  expect(facts['system']).toContain(process.platform);
  for (const fact of Object.values(facts)) expect(fact.length).toBeLessThanOrEqual(200);
});

test('equal GPUs are counted', () => {
  expect(gpuNames('NVIDIA H200\nNVIDIA H200\nTesla T4\n')).toBe('2 × NVIDIA H200, 1 × Tesla T4');
  expect(gpuNames('\n')).toBe('');
});
