/** What the file of alerts says: where to tell what. */
import type { Kind } from './incident.ts';

export interface Gate {
  /** Left out: every one. */
  benchmark?: string;
  model?: string;
  scorer?: string;
  metric: string;
  min: number;
}

interface Common {
  name: string;
  /** What it is told of; left out: everything. */
  on?: readonly Kind[];
  /** Of whose evaluations and routes it is told; left out: of all, and of the fleet. */
  namespaces?: readonly string[];
  perMinute: number;
}

export interface WebhookSettings extends Common {
  type: 'webhook';
  url: URL;
  secret: string;
}

export interface SlackSettings extends Common {
  type: 'slack';
  url: URL;
}

export interface MailSettings extends Common {
  type: 'smtp';
  /** smtps: TLS from the start; smtp: STARTTLS, without which nothing is sent unless `plaintext`. */
  server: { host: string; port: number; tls: boolean };
  plaintext: boolean;
  user?: string;
  password?: string;
  from: string;
  to: readonly string[];
}

export type ChannelSettings = WebhookSettings | SlackSettings | MailSettings;

export interface AlertSettings {
  readonly channels: readonly ChannelSettings[];
  readonly gates: readonly Gate[];
  /** How long what must hold until it is told; left out: as KINDS has it. */
  readonly after: Readonly<Partial<Record<Kind, number>>>;
  /** How long it must be over until that is told. */
  readonly clearMs: number;
}

export const NO_ALERTS: AlertSettings = { channels: [], gates: [], after: {}, clearMs: 30_000 };
