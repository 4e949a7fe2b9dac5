/**
 * `json_schema`: the output is JSON that fits a JSON Schema. Without a schema it must be a JSON object or list. Semantics of autoevals'
 * `ValidJSON`; `json/schema.ts` says which keywords are known. The target is not looked at.
 */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { parseJson } from '../json/parse.ts';
import { compileSchema } from '../json/schema.ts';
import { shortAnswer, type ScorerKind } from '../scorer.ts';

const args = z.strictObject({
  schema: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .superRefine((schema, context) => {
      try {
        if (schema) compileSchema(schema);
      } catch (error) {
        context.addIssue({ code: 'custom', message: AppError.from(error).message });
      }
    })
    .describe('A JSON Schema. null: any object or list'),
});

export const jsonSchema: ScorerKind<z.infer<typeof args>> = {
  args,
  create({ schema }) {
    const faultOf = schema
      ? compileSchema(schema)
      : (value: unknown): string | undefined =>
          typeof value === 'object' && value !== null ? undefined : 'the answer must be an object or a list';
    return (output) => {
      const parsed = parseJson(output);
      const fault = parsed ? faultOf(parsed.value) : 'the output is no JSON';
      return {
        value: fault === undefined ? 'C' : 'I',
        answer: shortAnswer(output),
        ...(fault === undefined ? {} : { explanation: fault }),
      };
    };
  },
};
