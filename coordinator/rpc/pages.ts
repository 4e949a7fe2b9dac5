/** Pages that fit a message. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Page, PageRequest } from '../../shared/client/types.ts';
import { MAX_WIRE_BYTES } from '../../shared/rpc/channel.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Asks for a page, and for ever smaller ones until it fits one message: a page may be shorter than was asked for. */
export async function fittingPage<Found extends Page<unknown>, Answer, Asked extends PageRequest>(
  { responseSerialize }: { responseSerialize: (answer: Answer) => Buffer },
  page: Asked,
  ask: (page: Asked) => Promise<Found>,
  answerOf: (page: Found) => Answer,
): Promise<Answer> {
  for (let size = page.size || DEFAULT_PAGE_SIZE; ; size = Math.floor(size / 2)) {
    const answer = answerOf(await ask({ ...page, size }));
    const bytes = responseSerialize(answer).length;
    if (bytes <= MAX_WIRE_BYTES) return answer;
    if (size <= 1) throw new AppError('internal', `one item of a list has ${bytes} bytes`);
  }
}
