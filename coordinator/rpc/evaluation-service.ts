/** EvaluationService: checks the form of what comes in, translates, and asks the use-cases. One file per group of methods. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { booksMethods } from './books-methods.ts';
import { deadLetterMethods } from './dead-letter-methods.ts';
import { evaluationCommands } from './evaluation-commands.ts';
import { evaluationQueries } from './evaluation-queries.ts';
import type { UseCasesOf } from './guard.ts';
import { courseMethod } from './course-method.ts';
import { logsMethod } from './logs-method.ts';
import { sampleMethods } from './sample-methods.ts';
import { whyMethod } from './why-method.ts';
import { uploadMethod } from './upload-method.ts';

export interface EvaluationServiceOptions {
  useCasesOf: UseCasesOf;
  handlers: Handlers;
  /** The largest content that may be uploaded. */
  maxContentBytes: number;
}

export const evaluationService = ({ useCasesOf, handlers, maxContentBytes }: EvaluationServiceOptions): UntypedServiceImplementation => ({
  ...uploadMethod(useCasesOf, handlers, maxContentBytes),
  ...evaluationCommands(useCasesOf, handlers),
  ...evaluationQueries(useCasesOf, handlers),
  ...sampleMethods(useCasesOf, handlers),
  ...booksMethods(useCasesOf, handlers),
  ...deadLetterMethods(useCasesOf, handlers),
  ...courseMethod(useCasesOf, handlers),
  ...logsMethod(useCasesOf, handlers),
  ...whyMethod(useCasesOf, handlers),
});
