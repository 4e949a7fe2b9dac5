/** Names of spans and attributes: the words of the logs, and OpenTelemetry's own where it has some. */

export const spanNames = {
  submit: 'submit',
  plan: 'plan',
  enqueue: 'enqueue',
  /** A task waits again, because an attempt came back. */
  requeue: 'requeue',
  /** The time that a task waited. */
  queue: 'queue',
  execute: 'execute',
  commit: 'commit',
  /** A call of a model or of a solver, named as the GenAI conventions ask for: `chat`, `text_completion` or `invoke_agent`, and the model. */
  call: (operation: string, model: string): string => `${operation} ${model}`,
  /** A scorer that is a program or a URL. */
  score: 'score',
} as const;

/** Events inside the execute span. */
export const eventNames = {
  /** A call is repeated: the class of its failure, and the wait. */
  retry: 'retry',
  /** A kept completion stands in for a call. */
  cacheHit: 'cache_hit',
  /** The attempt is no longer this agent's. */
  leaseLost: 'lease_lost',
} as const;

/**
 * Attribute keys. The `gen_ai.*` and `messaging.*` ones are OpenTelemetry's conventions, still in development there:
 * copied as strings, so that a new release of a package of constants renames nothing here.
 */
export const attributeNames = {
  evaluationId: 'assay.evaluation_id',
  taskId: 'assay.task_id',
  attemptId: 'assay.attempt_id',
  agentId: 'assay.agent_id',
  route: 'assay.route',
  unit: 'assay.unit',
  units: 'assay.units',
  benchmark: 'assay.benchmark',
  outcome: 'assay.outcome',
  scorer: 'assay.scorer',
  waitMs: 'assay.wait_ms',
  errorType: 'error.type',
  serverAddress: 'server.address',
  httpStatus: 'http.response.status_code',
  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiRequestModel: 'gen_ai.request.model',
  genAiTemperature: 'gen_ai.request.temperature',
  genAiMaxTokens: 'gen_ai.request.max_tokens',
  genAiResponseModel: 'gen_ai.response.model',
  genAiFinishReasons: 'gen_ai.response.finish_reasons',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  messagingSystem: 'messaging.system.name',
  messagingDestination: 'messaging.destination.name',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingMessageId: 'messaging.message.id',
  messagingBatchCount: 'messaging.batch.message_count',
} as const;
