/** What is said of Redis: what may lose accepted work, and a line for each server. Pure. */
import type { RedisStatus } from '../../shared/client/types.ts';
import { latency, memory, persistence, roleWords, serverFacts, serverWords, whenFull } from '../../shared/client/redis-words.ts';
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
    const facts = [
      serverWords(server),
      roleWords(server).text,
      memory(server).text,
      `when full ${whenFull(server).text}`,
      persistence(server).text,
      `answers in ${latency(server)}`,
    ];
    return `redis: ${facts.map(plainText).join('; ')}`;
  }),
];
