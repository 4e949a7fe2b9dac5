/** A webhook: JSON, signed, so that its receiver knows that it is ours and when it was sent. */
import { createHmac } from 'node:crypto';
import { documentOf, type Message } from '../message.ts';
import type { WebhookSettings } from '../settings.ts';
import { post } from './post.ts';

/** HMAC-SHA256 over `<seconds since the epoch>.<body>`, as hex. */
export const signatureOf = (secret: string, timestamp: string, body: string | Buffer): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;

export async function sendWebhook({ url, secret }: WebhookSettings, message: Message, nowMs: number): Promise<void> {
  const body = Buffer.from(JSON.stringify(documentOf(message)));
  const timestamp = String(Math.floor(nowMs / 1000));
  await post(url, body, {
    'assay-message-id': message.id,
    'assay-timestamp': timestamp,
    'assay-signature': signatureOf(secret, timestamp, body),
  });
}
