/** Commands of the program `assay` within the test's own process. */
import { Readable } from 'node:stream';
import { explainFailure } from '../../cli/exit.ts';
import { runProgram } from '../../cli/program.ts';
import type { Shell } from '../../cli/shell.ts';

export interface Ending {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** A command of the program `assay` within this process, as cli/main.ts runs it: hundreds of starts would take minutes. */
export async function runCommandIn(
  folder: string,
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string | undefined>; input?: string | Buffer } = {},
): Promise<Ending> {
  const ending: Ending = { code: null, stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): NodeJS.WriteStream =>
    ({ isTTY: false, write: (text: string) => Boolean((ending[name] += text)) }) as unknown as NodeJS.WriteStream;
  const shell: Shell = {
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd: folder,
    interrupted: new AbortController().signal,
    hurried: new AbortController().signal,
    stdin: Readable.from([Buffer.from(input)]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    now: () => Date.now(),
    print: async (text) => void (ending.stdout += text),
    say: (line) => void (ending.stderr += `${line}\n`),
  };
  try {
    ending.code = await runProgram(args, shell, async () => undefined);
  } catch (error) {
    const { code, text } = explainFailure(error, false);
    shell.say(text);
    ending.code = code;
  }
  return ending;
}
