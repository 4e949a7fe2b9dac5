/** Slack's form of a message; other tools understand it too (Mattermost, Rocket.Chat). Its address is its secret. */
import { KINDS } from '../incident.ts';
import { lineOf, type Message } from '../message.ts';
import type { SlackSettings } from '../settings.ts';
import { post } from './post.ts';

const MARKS = { info: ':information_source:', warning: ':warning:', critical: ':rotating_light:' } as const;

/** What nobody sees, and what parts a word for whoever looks for names and addresses in it. */
const BREAK = '\u200b';
/**
 * Names cannot mention people or make links: `&`, `<` and `>` are Slack's own; it also makes links of what looks like an address, and others read
 * `@channel` wherever it stands.
 */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', `@${BREAK}`)
    .replaceAll('://', `:${BREAK}//`)
    .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2})/gu, `.${BREAK}`);

export function slackDocument(message: Message): { text: string } {
  const mark = message.status === 'resolved' ? ':white_check_mark:' : MARKS[KINDS[message.incident.kind].severity];
  return { text: `${mark} ${escaped(lineOf(message))}` };
}

export async function sendSlack({ url }: SlackSettings, message: Message): Promise<void> {
  await post(url, Buffer.from(JSON.stringify(slackDocument(message))), {});
}
