/** The channels by their kind. A new kind: its settings, a file in `channels/`, a line here. */
import { sendSlack } from './channels/slack.ts';
import { sendWebhook } from './channels/webhook.ts';
import type { Send } from './courier.ts';

export const send: Send = async (channel, message, nowMs) => {
  if (channel.type === 'webhook') await sendWebhook(channel, message, nowMs);
  else if (channel.type === 'slack') await sendSlack(channel, message);
  else throw new Error(`no channel of the type ${channel.type} is there yet`);
};
