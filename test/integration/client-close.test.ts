/** The end of a client: nothing of it goes on, here or on the coordinator. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { EVALUATION_ID, failure, startServer } from '../support/rpc.ts';

test('close ends what is under way, and the server hears of it', async () => {
  const asked = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const server = await startServer({
    hasContent: async () => false,
    upload: async (_digest, _size, chunks) => {
      try {
        let bytes = 0;
        for await (const chunk of chunks) {
          if (bytes === 0) asked.resolve();
          bytes += chunk.length;
          await closed.promise;
        }
      } catch (error) {
        gone.resolve();
        throw error;
      }
    },
    get: () => new Promise(() => undefined),
  });
  const client = connect({ addresses: [server.address] });
  const path = join(await mkdtemp(join(tmpdir(), 'assay-')), 'data');
  // More than windows hold: most of it is not sent yet when the client is closed.
  await writeFile(path, Buffer.alloc(64 << 20));
  const failures = [failure(client.uploadFile(path)), failure(client.get(EVALUATION_ID))];
  await asked.promise;
  client.close();
  closed.resolve();
  for (const error of await Promise.all(failures))
    expect(error).toMatchObject({ code: 'cancelled', message: 'this client has been closed' });
  await gone.promise;
  await server.stop();
});
