/** The agent's lasting name, in `agent.json` of its spool: the same over restarts, so that it is given its attempts back. */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { newAgentId } from '../../shared/domain/ids.ts';

/** Reads the folder's agent id, or makes one. */
export async function agentIdOf(dir: string): Promise<string> {
  const path = join(dir, 'agent.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return parse(path, text);
  const agentId = newAgentId();
  // Written aside, then moved: a crash leaves the whole file or none.
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(`${JSON.stringify({ agentId })}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return agentId;
}

function parse(path: string, text: string): string {
  try {
    const { agentId } = JSON.parse(text) as { agentId?: unknown };
    if (typeof agentId === 'string' && /^ag_[0-9a-f]{16}$/.test(agentId)) return agentId;
  } catch {
    // Falls through to the one message below.
  }
  throw new AppError('failed_precondition', `${path}: holds no agent id. Remove the file: the agent makes a new one (attempts that it held are run again).`);
}
