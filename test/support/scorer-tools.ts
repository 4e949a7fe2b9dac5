/** What an operator allows beside models, for tests: nothing by default. */
import { JsonPosts } from '../../agent/models/json-post.ts';
import { UrlPermits } from '../../agent/models/url-permits.ts';
import type { CommandConfig } from '../../agent/scorers/program-process.ts';
import { Programs } from '../../agent/scorers/programs.ts';
import type { ScorerTools } from '../../agent/scorers/scorer.ts';
import { Redactor } from '../../shared/domain/redactor.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { silentLogger, type Logger } from '../../shared/telemetry/logger.ts';

export interface TestToolsOptions {
  commands?: Record<string, Partial<CommandConfig> & Pick<CommandConfig, 'argv'>>;
  urls?: string[];
  clock?: Clock;
  logger?: Logger;
  environment?: Record<string, string | undefined>;
  secrets?: string[];
  maxAnswerBytes?: number;
}

export function scorerTools(options: TestToolsOptions = {}): ScorerTools {
  const { commands = {}, urls = [], clock = systemClock, logger = silentLogger(), environment = process.env, secrets = [] } = options;
  const random = (): number => 0;
  const full = Object.fromEntries(
    Object.entries(commands).map(([name, config]): [string, CommandConfig] => [
      name,
      { instances: 1, env: {}, folder: import.meta.dirname, ...config },
    ]),
  );
  return {
    programs: new Programs({ commands: full, clock, random, logger, environment, redactor: new Redactor(secrets) }),
    posts: new JsonPosts(new UrlPermits(urls), options.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: options.maxAnswerBytes }),
    clock,
    random,
  };
}

export const noTools = (): ScorerTools => scorerTools();
