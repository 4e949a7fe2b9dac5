/** The agents that have joined, as this coordinator knows them. Who names one in the header is told apart here, and proves himself on the stream. */
import { agentOfBearer, isAgentBearer } from '../../../shared/domain/agent-key.ts';
import { isAgentId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Authenticator, Presented, Verified } from '../authenticator.ts';
import { RecordBook, type BookParts } from '../record-book.ts';
import { agentRecordOf, AGENTS, identityOfAgent, type AgentRecord } from './agent-record.ts';

/** What is revoked stays revoked, and a key that was rotated away does not come back: an older look cannot undo it. */
function later(known: AgentRecord, seen: AgentRecord): AgentRecord {
  const newer = seen.keyNumber >= known.keyNumber ? seen : known;
  const { revokedAtMs, revokedBy } = newer.revokedAtMs === undefined ? known : newer;
  return revokedAtMs === undefined ? newer : { ...newer, revokedAtMs, revokedBy };
}

export class AgentBook extends RecordBook<AgentRecord> implements Authenticator {
  constructor(parts: BookParts) {
    super(
      {
        ...{ kind: AGENTS, word: "the agent's key", nameOf: ({ agentId }) => agentId, isName: isAgentId },
        ...{ read: agentRecordOf, identityOf: identityOfAgent, later },
      },
      parts,
    );
  }

  takes({ bearer }: Presented): boolean {
    return bearer !== undefined && isAgentBearer(bearer);
  }

  /** Nothing is proved yet, so nothing is told of why an agent is not taken. */
  async verify({ bearer = '', peer }: Presented): Promise<Verified> {
    const agentId = agentOfBearer(bearer);
    if (agentId === undefined) throw unknownAgent();
    try {
      return { ...(await this.verifyNamed(agentId, peer)), mustProve: true };
    } catch (error) {
      throw AppError.from(error).code === 'unauthenticated' ? unknownAgent() : error;
    }
  }
}

const unknownAgent = (): AppError =>
  new AppError(
    'unauthenticated',
    'no agent of this id may come with a key: it has not joined here, was revoked, or its key is too old; join again',
  );
