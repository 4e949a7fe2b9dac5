/** What is said of Redis, a line for each server. Pure. */
import type { RedisStatus } from '../../shared/client/types.ts';
import { latency, memory, persistence, roleWords, serverWords } from '../../shared/client/redis-words.ts';
import { plainText } from './text.ts';

export const redisLines = ({ servers }: RedisStatus): string[] =>
  servers.map((server) => {
    if (server.problem !== undefined) return `redis: ${plainText(server.address)} does not answer: ${plainText(server.problem)}`;
    const facts = [
      serverWords(server),
      roleWords(server).text,
      memory(server).text,
      persistence(server).text,
      `answers in ${latency(server)}`,
    ];
    return `redis: ${facts.map(plainText).join('; ')}`;
  });
