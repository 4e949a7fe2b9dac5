/** What is said of Redis: what may lose accepted work, and a line for each server. Pure. */
import type { RedisStatus } from '../../shared/client/types.ts';
import { serverFacts } from '../../shared/client/redis-words.ts';
import { plainText } from './text.ts';

/** What may lose accepted work, a line each: short, as terminals are narrow. */
export const redisWarnings = ({ servers }: RedisStatus): string[] =>
  servers.flatMap((server) =>
    serverFacts(server)
      .filter(([, said]) => said.isBad)
      .map(([name, { text }]) => `WARNING: redis ${plainText(server.address)}, ${name.toLowerCase()}: ${plainText(text)}`),
  );

/** Warnings first. */
export const redisLines = (redis: RedisStatus): string[] => [
  ...redisWarnings(redis),
  ...redis.servers.map((server) => {
    if (server.problem !== undefined) return `redis: ${plainText(server.address)} does not answer: ${plainText(server.problem)}`;
    const said = new Map(serverFacts(server).map(([name, { text }]) => [name, text]));
    const facts = [
      server.address,
      said.get('Server'),
      said.get('Role'),
      said.get('Memory'),
      `when full ${said.get('When full')}`,
      said.get('Persistence'),
      `answers in ${said.get('Answers in')}`,
      `connections ${said.get('Connections')}`,
      `up ${said.get('Up')}`,
    ];
    return `redis: ${facts.map((text) => plainText(text ?? '')).join('; ')}`;
  }),
];
