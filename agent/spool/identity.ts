/**
 * Who the agent is, in `agent.json` of its spool. Its id is the same over restarts, so that it is given its attempts back. The
 * instance tells a crash from an orderly end: an agent that ended in order leaves its instance id there and goes on under it;
 * while an agent runs, none stands there, so that the next start after a crash is another instance.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { newAgentId, newInstanceId } from '../../shared/domain/ids.ts';
import { replaceFile } from '../../shared/runtime/durable-file.ts';

export interface Identity {
  agentId: string;
  instanceId: string;
}

/** Reads the folder's identity, or makes one: of the agent that has joined, where it has. From here on an end without `endInOrder` counts as a crash. */
export async function takeIdentity(dir: string, joined?: string): Promise<Identity> {
  const path = join(dir, 'agent.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const known = text === undefined ? undefined : parse(path, text);
  const isOther = joined !== undefined && known?.agentId !== joined;
  const { agentId, endedInstanceId } = isOther
    ? { agentId: joined, endedInstanceId: undefined }
    : (known ?? { agentId: newAgentId(), endedInstanceId: undefined });
  if (!known || isOther || endedInstanceId !== undefined) await write(dir, { agentId });
  return { agentId, instanceId: endedInstanceId ?? newInstanceId() };
}

/** The process ends because it was told to: what it still held was not lost by a crash. */
export const endInOrder = (dir: string, { agentId, instanceId }: Identity): Promise<void> =>
  write(dir, { agentId, endedInstanceId: instanceId });

interface IdentityFile {
  agentId: string;
  /** The instance that ended in order, and none since. */
  endedInstanceId?: string;
}

const write = (dir: string, content: IdentityFile): Promise<void> => replaceFile(join(dir, 'agent.json'), `${JSON.stringify(content)}\n`);

function parse(path: string, text: string): IdentityFile {
  try {
    const { agentId, endedInstanceId } = JSON.parse(text) as Record<string, unknown>;
    if (typeof agentId === 'string' && /^ag_[0-9a-f]{16}$/.test(agentId)) {
      return typeof endedInstanceId === 'string' && /^[\w-]{1,64}$/.test(endedInstanceId) ? { agentId, endedInstanceId } : { agentId };
    }
  } catch {
    // Falls through to the one message below.
  }
  throw new AppError(
    'failed_precondition',
    `${path}: holds no agent id. Remove the file: the agent makes a new one (attempts that it held are run again).`,
  );
}
