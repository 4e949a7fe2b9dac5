/** Messages of a chat: what a sample may have as its input, and what a model is sent. Read from OpenAI's form and from Inspect's. */
import { AppError } from './errors.ts';

export type ContentPart =
  | { type: 'text'; text: string }
  /** An https URL, or a data URL. */
  | { type: 'image'; url: string; detail?: 'auto' | 'low' | 'high' }
  /** Base64, without the head of a data URL. */
  | { type: 'audio'; data: string; format: AudioFormat };

export type AudioFormat = 'wav' | 'mp3';
export type ChatRole = 'system' | 'user' | 'assistant';

export interface ChatMessage {
  role: ChatRole;
  content: string | ContentPart[];
}

const ROLES = new Map<unknown, ChatRole>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
]);
/** What would be lost if the message were taken without it. */
const UNSUPPORTED = ['tool_calls', 'function_call'];
const AUDIO_TYPES = new Map<string, AudioFormat>([
  ['wav', 'wav'],
  ['x-wav', 'wav'],
  ['wave', 'wav'],
  ['mp3', 'mp3'],
  ['mpeg', 'mp3'],
]);

/** Whether a list is meant as messages, right or wrong. */
export const looksLikeMessages = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && ('role' in item || 'content' in item));

/** Messages from a list of plain values. Throws AppError invalid; `place` says where the list lies. */
export function readMessages(value: readonly unknown[], place: string): ChatMessage[] {
  const messages = value.map((item, i) => readMessage(item, `${place}[${i}]`));
  if (!messages.some((message) => message.role === 'user')) throw fault(place, 'has no message of the role user; add the question as one');
  return messages;
}

function readMessage(value: unknown, place: string): ChatMessage {
  if (!isObject(value)) throw fault(place, 'is no message; write {"role": "user", "content": "…"}');
  const role = ROLES.get(value['role']);
  if (!role) throw fault(`${place}.role`, `is ${show(value['role'])}, must be system, user or assistant`);
  const call = UNSUPPORTED.find((key) => value[key] !== undefined && value[key] !== null && !isEmpty(value[key]));
  if (call) throw fault(`${place}.${call}`, 'cannot be sent: calls of tools are not supported; take the message out');
  const { content } = value;
  if (typeof content === 'string') return { role, content };
  if (!Array.isArray(content) || content.length === 0)
    throw fault(`${place}.content`, `is ${show(content)}, must be text or a list of parts such as {"type": "text", "text": "…"}`);
  return { role, content: content.map((part, i) => readPart(part, `${place}.content[${i}]`)) };
}

function readPart(value: unknown, place: string): ContentPart {
  if (typeof value === 'string') return { type: 'text', text: value };
  if (!isObject(value)) throw fault(place, 'is no part; write {"type": "text", "text": "…"}');
  switch (value['type']) {
    case 'text':
      if (typeof value['text'] !== 'string') throw fault(`${place}.text`, `is ${show(value['text'])}, must be text`);
      return { type: 'text', text: value['text'] };
    case 'image_url': {
      const image = value['image_url'];
      return isObject(image)
        ? imagePart(image['url'], image['detail'], `${place}.image_url.url`)
        : imagePart(image, undefined, `${place}.image_url`);
    }
    case 'image':
      return imagePart(value['image'], value['detail'], `${place}.image`);
    case 'input_audio': {
      const audio = isObject(value['input_audio']) ? value['input_audio'] : {};
      return audioPart(audio['data'], audio['format'], `${place}.input_audio`);
    }
    case 'audio':
      return audioPart(value['audio'], value['format'], `${place}.audio`);
    default:
      throw fault(`${place}.type`, `is ${show(value['type'])}, must be text, image_url, image, input_audio or audio`);
  }
}

function imagePart(url: unknown, detail: unknown, place: string): ContentPart {
  if (typeof url !== 'string' || !/^(?:https?:\/\/\S|data:image\/[\w.+-]+;base64,)/i.test(url))
    throw fault(place, 'must be an https URL or a data URL (data:image/png;base64,…); agents open no files');
  return { type: 'image', url, ...(detail === 'auto' || detail === 'low' || detail === 'high' ? { detail } : {}) };
}

function audioPart(source: unknown, format: unknown, place: string): ContentPart {
  const text = typeof source === 'string' ? source : '';
  const [head, type] = /^data:audio\/([\w.+-]+);base64,/i.exec(text.slice(0, 100)) ?? [];
  const data = head ? text.slice(head.length) : text;
  const known = AUDIO_TYPES.get(typeof format === 'string' ? format : (type ?? '').toLowerCase());
  // The first characters tell base64 from a path; an endpoint judges the rest.
  if (!/^[A-Za-z0-9+/=]{4}/.test(data) || (!head && /\.\w{2,4}$/.test(data.slice(-8))))
    throw fault(place, 'must be sound as base64 or as a data URL (data:audio/wav;base64,…); agents open no files');
  if (!known) throw fault(place, 'is of no known format; give it "format": "wav" or "mp3"');
  return { type: 'audio', data, format: known };
}

/** The text of a message: its parts of text, a line each. */
export const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string' ? content : content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

/** The place of the last user message; there is always one. */
export const lastUser = (messages: readonly ChatMessage[]): number => messages.findLastIndex((message) => message.role === 'user');

/** The messages with another text in the last user message; its images and sounds stay, after the text where it has none yet. */
export function withLastUserText(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const at = lastUser(messages);
  const { content } = messages[at]!;
  if (typeof content === 'string') return messages.with(at, { role: 'user', content: text });
  const place = content.findIndex((part) => part.type === 'text');
  const others = content.filter((part, i) => part.type !== 'text' || i === place);
  const own: ContentPart = { type: 'text', text };
  return messages.with(at, {
    role: 'user',
    content: place < 0 ? [...content, own] : others.map((part) => (part.type === 'text' ? own : part)),
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const show = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : typeof value === 'string'
      ? JSON.stringify(value.slice(0, 40))
      : Array.isArray(value)
        ? 'a list'
        : value === null
          ? 'null'
          : `a ${typeof value}`;

const fault = (place: string, problem: string): AppError => new AppError('invalid', `${place} ${problem}`);
