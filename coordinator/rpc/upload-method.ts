/** UploadContent: a header, then the content's bytes, checked as they come. */
import { AppError } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { UploadContentRequest__Output } from '../../shared/rpc/gen/assay/v1/UploadContentRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { UseCasesOf } from './guard.ts';
import { readNamespace } from './requests.ts';

const MAX_DATA_BYTES = 1024 * 1024;

/** maxContentBytes: the largest content that may be uploaded. */
export const uploadMethod = (useCasesOf: UseCasesOf, handlers: Handlers, maxContentBytes: number) => ({
  UploadContent: handlers.clientStream(assayProto().evaluation.UploadContent, async (requests, info) => {
    const useCases = useCasesOf(info);
    const incoming = requests[Symbol.asyncIterator]();
    const { digest, sizeBytes, namespace } = await headerOf(incoming, maxContentBytes, info.identity.namespaces);
    if (await useCases.hasContent(digest, namespace)) return { digest, existed: true };
    // Read whole, whoever else may have it.
    await useCases.upload(digest, sizeBytes, dataOf(incoming, sizeBytes), namespace);
    return { digest, existed: false };
  }),
});

type Incoming = AsyncIterator<UploadContentRequest__Output>;

async function headerOf(
  incoming: Incoming,
  maxBytes: number,
  own: Namespaces,
): Promise<{ digest: string; sizeBytes: number; namespace: string }> {
  const first = await incoming.next();
  const header = first.done ? undefined : first.value.header;
  if (!header) throw new AppError('invalid', 'UploadContent: the first message must be a header with digest and size_bytes');
  const checks = new Checks('UploadContent');
  checks.digest('header.digest', header.digest);
  const sizeBytes = checks.int('header.size_bytes', header.sizeBytes, maxBytes);
  const namespace = readNamespace(checks, header.namespace || unnamed(own), 'header.namespace');
  checks.done();
  return { digest: header.digest, sizeBytes, namespace };
}

/**
 * Where an upload goes whose header names no namespace: clients of releases before have no such field, also where they submit elsewhere. To
 * `default`, as a submit does, or to the only one that the caller has. Who has several others is refused, as who names `default` is.
 */
const unnamed = (own: Namespaces): string => (own !== '*' && own.length === 1 ? own[0]! : DEFAULT_NAMESPACE);

/** The content's bytes, never more than were announced. */
async function* dataOf(incoming: Incoming, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
    const { data, message } = next.value;
    if (message !== 'data' || !data) throw new AppError('invalid', 'UploadContent: only data may follow the header');
    if (data.length > MAX_DATA_BYTES)
      throw new AppError('invalid', `UploadContent: a message has ${data.length} bytes of data; at most ${MAX_DATA_BYTES}`);
    seen += data.length;
    if (seen > sizeBytes) throw new AppError('invalid', `UploadContent: more than the announced ${sizeBytes} bytes came`);
    if (data.length > 0) yield data;
  }
  if (seen < sizeBytes) throw new AppError('invalid', `UploadContent: ${seen} of the announced ${sizeBytes} bytes came`);
}
