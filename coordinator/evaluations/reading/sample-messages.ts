/** What a model was sent, as it is shown. */
import type { ContentPart as ShownPart, Sample as ShownSample } from '../../../shared/client/types.ts';
import type { ContentPart, Prompt } from '../../../shared/domain/sample.ts';

/** The messages of a prompt; what the answer begins with comes last, as the assistant's. */
export function shownMessages({ messages, prefill }: Prompt): ShownSample['messages'] {
  const shown = messages.map(({ role, content }) => ({
    role: role as string,
    parts: typeof content === 'string' ? [text(content)] : content.map(partOf),
  }));
  return prefill ? [...shown, { role: 'assistant', parts: [text(prefill)] }] : shown;
}

const text = (value: string): ShownPart => ({ kind: 'text', value });

function partOf(part: ContentPart): ShownPart {
  if (part.type === 'text') return text(part.text);
  if (part.type === 'image') return { kind: 'image', value: part.url };
  return { kind: 'audio', value: `data:audio/${part.format};base64,${part.data}` };
}
