/** What an agent tells of its host, for people: cpus, memory, system, gpus. */
import { execFile } from 'node:child_process';
import { arch, availableParallelism, platform, release, totalmem } from 'node:os';

/** A driver that hangs must not keep the agent from starting. */
const GPU_MS = 3000;
const MAX_CHARS = 200;

export async function hostFacts(): Promise<Record<string, string>> {
  const gpus = await gpusOf();
  return {
    cpus: String(availableParallelism()),
    memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    system: `${platform()} ${release()} ${arch()}`.slice(0, MAX_CHARS),
    ...(gpus === '' ? {} : { gpus }),
  };
}

/** As nvidia-smi names them, `8 × NVIDIA H200`; '' without it. */
async function gpusOf(): Promise<string> {
  const output = await new Promise<string>((resolve) => {
    execFile('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: GPU_MS, maxBuffer: 64 * 1024 }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
  return gpuNames(output);
}

/** Equal names, a line each, counted. */
export function gpuNames(output: string): string {
  const counts = new Map<string, number>();
  for (const name of output.split('\n').map((line) => line.trim())) if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ')
    .slice(0, MAX_CHARS);
}
