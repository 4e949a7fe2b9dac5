/**
 * Streams that stand in front of others and cost nearly nothing: no generator of their own between a source and its reader. For what has very many
 * readers; elsewhere a generator says it more plainly.
 */

/** The stream that `open` gives, which is asked when somebody reads. */
export const lazily = <T>(open: () => Promise<AsyncIterable<T>>): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => {
    let source: AsyncIterator<T> | undefined;
    let opening: Promise<AsyncIterator<T>> | undefined;
    const opened = async (): Promise<AsyncIterator<T>> => (source = (await open())[Symbol.asyncIterator]());
    return {
      next: () => (source ? source.next() : (opening ??= opened()).then((own) => own.next())),
      return: async () => {
        await (await opening)?.return?.();
        return { done: true, value: undefined };
      },
    };
  },
});

/** What `change` makes of each; `atEnd` is called when there is no more, and may throw. */
export const mapped = <T, U>(items: AsyncIterable<T>, change: (item: T) => U, atEnd: () => void = () => undefined): AsyncIterable<U> => ({
  [Symbol.asyncIterator]: () => {
    const source = items[Symbol.asyncIterator]();
    const told = (result: IteratorResult<T>): IteratorResult<U> => {
      if (result.done !== true) return { done: false, value: change(result.value) };
      atEnd();
      return { done: true, value: undefined };
    };
    return {
      next: () => source.next().then(told),
      return: async () => {
        await source.return?.();
        return { done: true, value: undefined };
      },
    };
  },
});
