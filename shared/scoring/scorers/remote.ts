/**
 * Scorers that are not computed here: `command` (a program that the agent's operator allows) and `http` (a URL that he allows).
 * Here are only their arguments; the agent runs them. docs/plugins.md has the two protocols.
 */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { ScorerKind } from '../scorer.ts';

const timeout = z.number().positive().max(86_400).default(60).describe('Seconds for one sample');
const own = z.record(z.string(), z.unknown()).default({}).describe('Sent along with each sample');

/** The URL of a team's own code. */
export const teamUrl = z
  .string()
  .max(1800)
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  })
  .describe("The team's own code: https or http, without user, password or fragment; one that the agent's operator allows");

const commandArgs = z.strictObject({
  command: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "must be a name of the agent's `commands`: 1 to 64 letters, digits, _ . -")
    .describe("A name in the agent's `commands`"),
  args: own,
  slots: z
    .record(z.string().regex(/^\w{1,64}$/), z.union([z.string().max(200), z.number()]))
    .optional()
    .describe("Of the program's command line, those places that its operator leaves to specs"),
  timeout,
});
const httpArgs = z.strictObject({
  url: teamUrl,
  args: own,
  timeout,
});
export type CommandArgs = z.infer<typeof commandArgs>;
export type HttpArgs = z.infer<typeof httpArgs>;

/** What is wrong with it, or undefined. */
function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL; write http://HOST:PORT/PATH or https://…';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return `has the scheme ${protocol}; write http: or https:`;
  if (username || password) return 'has a user or password in it; keys are no part of a spec';
  return hash ? 'has a fragment (#…), which is never sent; leave it out' : undefined;
}

const elsewhere = (name: string) => (): never => {
  throw new AppError('invalid', `the scorer "${name}" runs only on an agent whose operator allows it`);
};

export const command: ScorerKind<CommandArgs> = { args: commandArgs, create: elsewhere('command') };
export const http: ScorerKind<HttpArgs> = { args: httpArgs, create: elsewhere('http') };
