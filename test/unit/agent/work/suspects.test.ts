/** Samples that were running when their agent crashed run one at a time, whatever happens to their calls. */
import { expect, test } from 'vitest';
import { ModelError } from '../../../../agent/models/provider.ts';
import { assignmentOf, FakeCoordinator } from '../../../support/fake-coordinator.ts';
import { TestAgent } from '../../../support/test-agent.ts';
import { waitFor } from '../../../support/wait-for.ts';

test('one that waits for its turn does not keep the connection that the one before needs for its retry', async () => {
  const coordinator = new FakeCoordinator();
  const agent = await TestAgent.start({ coordinator, entry: { maxConnections: 1 } });
  try {
    let calls = 0;
    agent.provider.answer = ({ sample }) => {
      if (++calls === 1) throw new ModelError('server_error', 'once');
      return sample.target[0]!;
    };
    const connection = await coordinator.connection(1);
    connection.assign({ ...assignmentOf({ count: 3 }), suspect: true });
    await waitFor(() => connection.results().length === 3, { what: 'all three' });
    expect(connection.results().map(({ result }) => result.outcome)).toEqual(['scored', 'scored', 'scored']);
    expect({ calls, peak: agent.provider.peak }).toEqual({ calls: 4, peak: 1 });
  } finally {
    await agent.stop();
  }
});
