/** A model endpoint whose calls a test holds: what it wants to see at work cannot be over before it has looked. */
import { chatAnswer, ModelEndpoint, type EndpointAnswer, type ModelCall } from './model-endpoint.ts';

/** Lets calls through up to a number. A test that is slow to look would otherwise find everything done. */
export class Gate {
  #open = Infinity;
  #waiting: (() => void)[] = [];

  /** Calls up to this number are answered, those beyond it are held. */
  set(open: number): void {
    this.#open = open;
    for (const look of this.#waiting.splice(0)) look();
  }

  async pass(number: number, signal: AbortSignal): Promise<void> {
    while (number > this.#open && !signal.aborted)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
  }
}

/** An endpoint whose calls pass the gate in the order in which they come; without `answer` it answers `sums` rightly. */
export function gatedEndpoint(
  gate: Gate,
  answer: (call: ModelCall, body: Buffer, signal: AbortSignal) => Promise<EndpointAnswer> = answerSum,
): ModelEndpoint {
  let came = 0;
  return new ModelEndpoint(async (call, body, signal) => {
    await gate.pass(++came, signal);
    return answer(call, body, signal);
  });
}

async function answerSum({ model, prompt }: ModelCall): Promise<EndpointAnswer> {
  return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
}
