/** The channels by their type. A new one: its settings, a file in `channels/`, a line here. */
import { sendMail } from './channels/mail.ts';
import { sendSlack } from './channels/slack.ts';
import { sendWebhook } from './channels/webhook.ts';
import type { Send } from './courier.ts';

export const send: Send = async (channel, message, nowMs) => {
  if (channel.type === 'webhook') await sendWebhook(channel, message, nowMs);
  else if (channel.type === 'slack') await sendSlack(channel, message);
  else return sendMail(channel, message);
  return undefined;
};
