/** EvaluationService: checks the form of what comes in, translates, and asks the use-cases. One file per group of methods. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { booksMethods } from './books-methods.ts';
import { deadLetterMethods } from './dead-letter-methods.ts';
import { evaluationCommands } from './evaluation-commands.ts';
import { evaluationQueries } from './evaluation-queries.ts';
import { sampleMethods } from './sample-methods.ts';
import { uploadMethod } from './upload-method.ts';
import type { EvaluationUseCases } from './use-cases.ts';

export interface EvaluationServiceOptions {
  useCases: EvaluationUseCases;
  handlers: Handlers;
  /** The largest content that may be uploaded. */
  maxContentBytes: number;
}

export const evaluationService = ({ useCases, handlers, maxContentBytes }: EvaluationServiceOptions): UntypedServiceImplementation => ({
  ...uploadMethod(useCases, handlers, maxContentBytes),
  ...evaluationCommands(useCases, handlers),
  ...evaluationQueries(useCases, handlers),
  ...sampleMethods(useCases, handlers),
  ...booksMethods(useCases, handlers),
  ...deadLetterMethods(useCases, handlers),
});
