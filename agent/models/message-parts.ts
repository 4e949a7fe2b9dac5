/** Messages as the endpoints want them: plain text stays text, parts are told apart by their kind. */
import { textOf } from '../../shared/domain/chat.ts';
import { ModelError, type ChatMessage, type ContentPart } from './provider.ts';

/** The text of a message; undefined when it has other parts as well. */
export const onlyText = (message: ChatMessage): string | undefined =>
  typeof message.content === 'string' || message.content.every((part) => part.type === 'text') ? textOf(message) : undefined;

/** The messages of OpenAI's chat. */
export const openAiMessages = (messages: readonly ChatMessage[]): object[] =>
  messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : content.map(openAiPart) }));

function openAiPart(part: ContentPart): object {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image') return { type: 'image_url', image_url: { url: part.url, detail: part.detail } };
  return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
}

/** The messages of Anthropic's endpoint, which has no sound. Throws ModelError `request` for it. */
export const anthropicMessages = (messages: readonly ChatMessage[]): object[] =>
  messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : content.map(anthropicPart) }));

function anthropicPart(part: ContentPart): object {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'audio') throw new ModelError('request', 'anthropic takes no sound; use a model that does');
  return { type: 'image', source: imageSource(part.url) };
}

/** The data of a data URL is a field of its own there. No regular expression: it may be many megabytes. */
function imageSource(url: string): object {
  if (!/^data:/i.test(url)) return { type: 'url', url };
  const [comma, semicolon] = [url.indexOf(','), url.indexOf(';')];
  return { type: 'base64', media_type: url.slice('data:'.length, semicolon).toLowerCase(), data: url.slice(comma + 1) };
}
