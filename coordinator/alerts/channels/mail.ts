/** Mail by SMTP: by TLS unless the settings say otherwise, one message in plain text. */
import { createTransport } from 'nodemailer';
import { AppError } from '../../../shared/domain/errors.ts';
import { KINDS } from '../incident.ts';
import { lineOf, plain, type Message } from '../message.ts';
import type { MailSettings } from '../settings.ts';

const STEP_MS = 5_000;
const LIMIT_MS = 20_000;
const MAX_SUBJECT = 200;

/** Returns the addresses that the server did not take, where it took others; throws where it took none. */
export async function sendMail(settings: MailSettings, message: Message): Promise<string | undefined> {
  const { server, plaintext, user, password, from, to } = settings;
  const transport = createTransport({
    ...{ host: server.host, port: server.port, secure: server.tls },
    // Without TLS nothing is said, unless that was asked for.
    ...(plaintext ? { ignoreTLS: true } : { requireTLS: !server.tls }),
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    ...{ connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS, dnsTimeout: STEP_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new AppError('unavailable', `the mail server did not take it within ${LIMIT_MS} ms`)),
    LIMIT_MS,
  );
  try {
    const { rejected } = await Promise.race([transport.sendMail({ from, to: [...to], ...mailOf(message) }), late.promise]);
    return rejected.length > 0 ? `the mail server refuses ${rejected.map(String).join(', ')}` : undefined;
  } catch (error) {
    if (error instanceof AppError) throw error;
    // What the server said may quote what it was told: its code is enough.
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    throw new AppError(
      'unavailable',
      `the mail could not be sent (${code ?? 'unknown'}${responseCode === undefined ? '' : `, ${responseCode}`})`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

/** Its subject, text and id, which stays the same however often it is tried. */
export function mailOf(message: Message): { subject: string; text: string; messageId: string } {
  const { id, incident, startedMs, atMs, status } = message;
  const facts = Object.entries(incident.facts).map(([name, value]) => `${name}: ${plain(String(value))}`);
  const times = [
    `began: ${new Date(startedMs).toISOString()}`,
    ...(status === 'resolved' ? [`ended: ${new Date(atMs).toISOString()}`] : []),
  ];
  const lines = [lineOf(message), '', `kind: ${incident.kind}, ${KINDS[incident.kind].severity}`, ...times, ...facts];
  return {
    subject: `[assay] ${lineOf(message)}`.slice(0, MAX_SUBJECT),
    text: `${lines.join('\n')}\n`,
    messageId: `<${id.replaceAll(':', '.')}@assay>`,
  };
}
