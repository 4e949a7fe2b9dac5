/** The file `alerts`: channels, gates and times, with their secrets from files or the environment. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, type Fault } from '../shared/domain/errors.ts';
import type { ConfigReader } from '../shared/runtime/config-reader.ts';
import { isLoopbackName } from '../shared/runtime/redis-url.ts';
import { readPrivateFile } from '../shared/runtime/private-file.ts';
import { KIND_NAMES, type Kind } from './alerts/incident.ts';
import { NO_ALERTS, type AlertSettings, type ChannelSettings, type Gate } from './alerts/settings.ts';
import { readSettingsFile, timeUpTo } from './settings-file.ts';

const text = z.string().min(1).max(1024);
const time = timeUpTo(24 * 3_600_000, '24h');
const kind = z.enum(KIND_NAMES as [Kind, ...Kind[]]);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be the name of an environment variable');
const address = z
  .string()
  .max(250)
  .regex(/^[^\s<>@,;:"\\]+@[^\s<>@,;:"\\]+$/, 'must be a mail address, such as ops@example.org');
const common = {
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of a–z, 0–9 and -'),
  on: z.array(kind).min(1).max(KIND_NAMES.length).optional(),
  namespaces: z
    .array(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ or -'))
    .min(1)
    .max(100)
    .optional(),
  per_minute: z.int().min(1).max(600).default(20),
};
const schema = z.strictObject({
  channels: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          ...common,
          type: z.literal('webhook'),
          url: text.optional(),
          url_file: text.optional(),
          url_env: variable.optional(),
          secret_file: text.optional(),
          secret_env: variable.optional(),
        }),
        z.strictObject({ ...common, type: z.literal('slack'), url_file: text.optional(), url_env: variable.optional() }),
        z.strictObject({
          ...common,
          type: z.literal('smtp'),
          server: text,
          plaintext: z.boolean().default(false),
          user: text.optional(),
          password_file: text.optional(),
          password_env: variable.optional(),
          from: address,
          to: z.array(address).min(1).max(20),
        }),
      ]),
    )
    .min(1)
    .max(20)
    .optional(),
  gates: z
    .array(z.strictObject({ benchmark: text.optional(), model: text.optional(), scorer: text.optional(), metric: text, min: z.number() }))
    .max(100)
    .optional(),
  after: z.partialRecord(kind, time).optional(),
  clear_after: time.optional(),
});
type ReadChannel = NonNullable<z.infer<typeof schema>['channels']>[number];
type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong goes to the reader, all of it at once; nothing is told then. */
export async function readAlerts(reader: ConfigReader, environment: Environment): Promise<AlertSettings> {
  const path = reader.path('alerts');
  if (path === undefined) return NO_ALERTS;
  const { settings, faults } = await readAlertsFile(path, environment);
  for (const { place, problem } of faults) reader.fault(place, problem);
  return settings;
}

/** The file whole; nothing of it counts where it has faults. Files that it names are sought beside it. */
export async function readAlertsFile(
  path: string,
  environment: Environment,
): Promise<{ settings: AlertSettings; faults: readonly Fault[] }> {
  const { data, faults, fault } = await readSettingsFile(path, schema);
  if (!data) return { settings: NO_ALERTS, faults };
  if (Object.keys(data).length === 0) fault('', 'says nothing: write channels, gates, after or clear_after, or leave the file out');
  const { channels = [], gates = [], after = {}, clear_after: clearMs = NO_ALERTS.clearMs } = data;
  const secrets = new Secrets(dirname(path), environment, fault);
  const read = channels.flatMap((channel, i) => {
    const at = `channels[${i}]`;
    if (channels.findIndex(({ name }) => name === channel.name) < i) fault(`${at}.name`, `${channel.name} stands there twice; rename one`);
    return channelOf(channel, at, secrets, fault) ?? [];
  });
  const own = Object.entries(after).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const settings = { channels: read, gates: gates as Gate[], after: Object.fromEntries(own), clearMs };
  return faults.length > 0 ? { settings: NO_ALERTS, faults } : { settings, faults };
}

type OnFault = (place: string, problem: string) => void;

/** Reads what may stand in no argument and in no log. */
class Secrets {
  readonly #folder: string;
  readonly #environment: Environment;
  readonly #fault: OnFault;

  constructor(folder: string, environment: Environment, fault: OnFault) {
    this.#folder = folder;
    this.#environment = environment;
    this.#fault = fault;
  }

  /** From exactly one of the two; undefined with a fault otherwise, or where it may be left out. */
  one(at: string, name: string, file: string | undefined, variableName: string | undefined, isNeeded = true): string | undefined {
    if (file !== undefined && variableName !== undefined) return this.#no(at, `has ${name}_file and ${name}_env; keep one of them`);
    if (file === undefined && variableName === undefined)
      return isNeeded ? this.#no(at, `needs ${name}_file or ${name}_env: where its ${name} is`) : undefined;
    if (variableName !== undefined) {
      const value = this.#environment[variableName]?.trim();
      return value || this.#no(`${at}.${name}_env`, `${variableName} is not set; set it, or name another variable`);
    }
    try {
      const value = readPrivateFile(resolve(this.#folder, file!)).toString('utf8').trim();
      if (value !== '' && value.length <= 4096) return value;
      return this.#no(`${at}.${name}_file`, `${file} is empty or too long; write the ${name} into it, in one line`);
    } catch (error) {
      return this.#no(`${at}.${name}_file`, `${file} ${AppError.from(error).message}`);
    }
  }

  #no(place: string, problem: string): undefined {
    this.#fault(place, problem);
  }
}

function channelOf(channel: ReadChannel, at: string, secrets: Secrets, fault: OnFault): ChannelSettings | undefined {
  const { name, on, namespaces, per_minute: perMinute } = channel;
  const own = { name, perMinute, ...(on && { on }), ...(namespaces && { namespaces }) };
  if (channel.type === 'smtp') return mailOf(channel, own, at, secrets, fault);
  let written: string | undefined;
  if (channel.type === 'webhook' && channel.url !== undefined) {
    written = channel.url;
    if (channel.url_file !== undefined || channel.url_env !== undefined) fault(at, 'has url and url_file or url_env; keep one of them');
  } else written = secrets.one(at, 'url', channel.url_file, channel.url_env);
  const secret = channel.type === 'webhook' ? secrets.one(at, 'secret', channel.secret_file, channel.secret_env) : undefined;
  if (secret !== undefined && secret.length < 16) fault(`${at}.secret`, 'has fewer than 16 characters; make one by `openssl rand -hex 32`');
  const url = written === undefined ? undefined : urlOf(written);
  if (written !== undefined && !url)
    fault(`${at}.url`, 'is no http or https address without a password; write one, such as https://HOST/PATH');
  if (!url) return undefined;
  if (channel.type === 'slack' && url.protocol === 'http:' && !isLoopbackName(url.hostname.replace(/^\[|\]$/g, '')))
    fault(`${at}.url`, 'is a secret, and http shows it to the network; write one with https');
  if (channel.type === 'slack') return { ...own, type: 'slack', url };
  return secret === undefined ? undefined : { ...own, type: 'webhook', url, secret };
}

function urlOf(written: string): URL | undefined {
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined;
}

function mailOf(
  channel: Extract<ReadChannel, { type: 'smtp' }>,
  own: Pick<ChannelSettings, 'name' | 'perMinute' | 'on' | 'namespaces'>,
  at: string,
  secrets: Secrets,
  fault: OnFault,
): ChannelSettings | undefined {
  const { server, plaintext, user, from, to } = channel;
  const password = secrets.one(at, 'password', channel.password_file, channel.password_env, user !== undefined);
  if (user === undefined && password !== undefined) fault(`${at}.user`, 'is not there, but a password is; name the user');
  const found = /^(smtps?):\/\/([A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(server);
  const port = Number(found?.[3] ?? (found?.[1] === 'smtps' ? 465 : 587));
  if (!found || port < 1 || port > 65_535) {
    fault(`${at}.server`, 'is no mail server; write smtps://HOST[:465] or smtp://HOST[:587]');
    return undefined;
  }
  if (plaintext && user !== undefined) fault(`${at}.plaintext`, 'would show the password to the network; leave it out, or the user');
  const host = found[2]!.replace(/^\[|\]$/g, '');
  return {
    ...{ ...own, type: 'smtp', server: { host, port, tls: found[1] === 'smtps' }, plaintext, from, to },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  };
}
