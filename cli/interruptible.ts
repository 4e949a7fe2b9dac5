/** A client whose calls end with a command's interruption. */
import type { AssayClient } from '../shared/client/client.ts';
import { raceSignal, reasonOf } from '../shared/runtime/abort.ts';

/**
 * The same client; whatever is under way when the signal aborts ends at once with the signal's reason, so that Ctrl-C never
 * waits for an upload, a submit, or a coordinator that does not answer. What was sent is cut off by `close`. A signal given
 * to a stream ends that call alone, with its own reason.
 */
export function interruptible(client: AssayClient, signal: AbortSignal): AssayClient {
  const ends = <T>(call: () => Promise<T>): Promise<T> => (signal.aborted ? Promise.reject(reasonOf(signal)) : raceSignal(call(), signal));
  const either = (other?: AbortSignal): AbortSignal => (other ? AbortSignal.any([signal, other]) : signal);
  return {
    uploadFile: (path, options) => ends(() => client.uploadFile(path, options)),
    uploadBytes: (content, options) => ends(() => client.uploadBytes(content, options)),
    submit: (request) => ends(() => client.submit(request)),
    get: (evaluationId) => ends(() => client.get(evaluationId)),
    cancel: (evaluationId, reason) => ends(() => client.cancel(evaluationId, reason)),
    report: (evaluationId) => ends(() => client.report(evaluationId)),
    validate: (request) => ends(() => client.validate(request)),
    list: (filter, page) => ends(() => client.list(filter, page)),
    update: (evaluationId, changes) => ends(() => client.update(evaluationId, changes)),
    pause: (which, reason) => ends(() => client.pause(which, reason)),
    resume: (which, reason) => ends(() => client.resume(which, reason)),
    cancelAll: (which, options) => ends(() => client.cancelAll(which, options)),
    delete: (which) => ends(() => client.delete(which)),
    samples: (evaluationId, filter, page) => ends(() => client.samples(evaluationId, filter, page)),
    sample: (evaluationId, which) => ends(() => client.sample(evaluationId, which)),
    skip: (evaluationId, filter, reason) => ends(() => client.skip(evaluationId, filter, reason)),
    requeue: (evaluationId, filter, reason) => ends(() => client.requeue(evaluationId, filter, reason)),
    verify: (evaluationId, options = {}) => ends(() => client.verify(evaluationId, { ...options, signal: either(options.signal) })),
    record: (evaluationId, options = {}) => ends(() => client.record(evaluationId, { ...options, signal: either(options.signal) })),
    deadLetters: (filter, page) => ends(() => client.deadLetters(filter, page)),
    deadLetter: (taskId) => ends(() => client.deadLetter(taskId)),
    why: (subject, options) => ends(() => client.why(subject, options)),
    course: (evaluationId, options) => ends(() => client.course(evaluationId, options)),
    replayDeadLetters: (filter, reason) => ends(() => client.replayDeadLetters(filter, reason)),
    dropDeadLetters: (filter, reason) => ends(() => client.dropDeadLetters(filter, reason)),
    recover: (evaluationId, reason) => ends(() => client.recover(evaluationId, reason)),
    agents: (filter, page) => ends(() => client.agents(filter, page)),
    agent: (idOrName) => ends(() => client.agent(idOrName)),
    drainAgent: (idOrName, options) => ends(() => client.drainAgent(idOrName, options)),
    routes: (filter, page) => ends(() => client.routes(filter, page)),
    whyRoute: (idOrRequirement, options) => ends(() => client.whyRoute(idOrRequirement, options)),
    pauseRoute: (idOrRequirement, options) => ends(() => client.pauseRoute(idOrRequirement, options)),
    events: (filter, page) => ends(() => client.events(filter, page)),
    createToken: (token) => ends(() => client.createToken(token)),
    tokens: (page) => ends(() => client.tokens(page)),
    revokeToken: (tokenId) => ends(() => client.revokeToken(tokenId)),
    createJoinToken: (token) => ends(() => client.createJoinToken(token)),
    joinTokens: (page) => ends(() => client.joinTokens(page)),
    revokeJoinToken: (joinTokenId) => ends(() => client.revokeJoinToken(joinTokenId)),
    join: (presented) => ends(() => client.join(presented)),
    revokeAgent: (idOrName) => ends(() => client.revokeAgent(idOrName)),
    whoAmI: () => ends(() => client.whoAmI()),
    namespaces: () => ends(() => client.namespaces()),
    namespace: (name) => ends(() => client.namespace(name)),
    setNamespace: (name, limits, clear) => ends(() => client.setNamespace(name, limits, clear)),
    auditEntries: (filter, options = {}) => ends(() => client.auditEntries(filter, { signal: either(options.signal) })),
    verifyAudit: (options = {}) => ends(() => client.verifyAudit({ ...options, signal: either(options.signal) })),
    waitUntilReady: (timeoutMs, onRefused) => ends(() => client.waitUntilReady(timeoutMs, onRefused)),
    watch: (evaluationId, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.watch(evaluationId, { ...options, signal: over }), over);
    },
    logs: (subject, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.logs(subject, { ...options, signal: over }), over);
    },
    agentLogs: (idOrName, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.agentLogs(idOrName, { ...options, signal: over }), over);
    },
    results: (evaluationId, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.results(evaluationId, { ...options, signal: over }), over);
    },
    recordSamples: (evaluationId, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.recordSamples(evaluationId, { ...options, signal: over }), over);
    },
    watchList: (filter, options = {}) => {
      const over = either(options.signal);
      return endsWith(client.watchList(filter, { ...options, signal: over }), over);
    },
    watchCluster: (options = {}) => {
      const over = either(options.signal);
      return endsWith(client.watchCluster({ ...options, signal: over }), over);
    },
    collectGarbage: (options = {}) => {
      const over = either(options.signal);
      return endsWith(client.collectGarbage({ ...options, signal: over }), over);
    },
    close: () => client.close(),
  };
}

/** The items; an end or a failure after the abort is the signal's reason, as it was given. */
async function* endsWith<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  }
  if (signal.aborted) throw reasonOf(signal);
}
