/** The report and the units' states as contents: put, named, and looked at once more, as a collection may have come before the name. */
import { digestOf } from '../../shared/domain/ids.ts';
import type { ReportPointer } from './manifest-file.ts';
import type { Store } from './store.ts';

export async function putNamed(
  store: Pick<Store, 'putContent'>,
  { report, unitCodes }: { report: Buffer; unitCodes: Buffer | undefined },
  name: (pointer: ReportPointer) => Promise<void>,
): Promise<void> {
  const put = async (bytes: Buffer): Promise<string> => {
    const digest = digestOf(bytes);
    await store.putContent(digest, once(bytes), bytes.length);
    return digest;
  };
  const both = async (): Promise<ReportPointer> => ({
    digest: await put(report),
    ...(unitCodes ? { unitCodes: await put(unitCodes) } : {}),
  });
  await name(await both());
  await both();
}

/** One chunk as a stream. */
async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
