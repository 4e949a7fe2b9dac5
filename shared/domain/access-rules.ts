/**
 * Who may call what: one row for each method that a coordinator serves. It refuses to start without one (`checkRules`), so a new method
 * is closed until it has its row. docs/access.md shows the same table, and the dashboard offers what it allows. Pure.
 */
import { AppError } from './errors.ts';
import type { Namespaces, Scope } from './identity.ts';

/**
 * How a call's namespace is found.
 *
 *   none        it is about no namespace
 *   request     the request names it
 *   evaluation  that of the evaluation whose id, task id or page token the request names
 *   own         it answers of what lies in the caller's namespaces, and only of that
 *   every       it is about the whole cluster: the caller must have all namespaces
 */
export type NamespaceRule = 'none' | 'request' | 'evaluation' | 'own' | 'every';

export interface Rule {
  /** `anonymous`: without any identity. `anyone`: with any. Else a scope that the caller must have. */
  readonly needs: 'anonymous' | 'anyone' | Scope;
  readonly namespace: NamespaceRule;
  /** Changes who may what, what runs for everybody, or destroys: it is told even when it is allowed. */
  readonly privileged?: true;
  /** Changes one evaluation, or several: it is told once it has. */
  readonly noted?: true;
  /** It is told once its handler knows what it is about; otherwise where its namespace is known: at once, where it has none. */
  readonly about?: true;
  /** It has an agent prove its key, before anything else. */
  readonly proves?: true;
}

const may = (needs: Rule['needs'], namespace: NamespaceRule): Rule => ({ needs, namespace });
const privileged = (needs: Scope, namespace: NamespaceRule): Rule => ({ needs, namespace, privileged: true });

const noted = (needs: Scope, namespace: NamespaceRule): Rule => ({ needs, namespace, noted: true });

/** The rows of one service, by the full paths of its methods. */
const service = <Name extends string, Rows extends Readonly<Record<string, Rule>>>(name: Name, rows: Rows) =>
  Object.fromEntries(Object.entries(rows).map(([method, rule]) => [`/${name}/${method}`, rule])) as {
    [Method in keyof Rows & string as `/${Name}/${Method}`]: Rule;
  };

const FREE = may('anonymous', 'none');
const ANYONE = may('anyone', 'none');

const TABLE = {
  ...service('assay.v1.EvaluationService', {
    // What makes work.
    UploadContent: may('submit', 'request'),
    SubmitEvaluation: noted('submit', 'request'),
    ValidateEvaluation: may('submit', 'request'),
    UpdateEvaluation: noted('submit', 'evaluation'),
    RequeueSamples: noted('submit', 'evaluation'),
    ReplayDeadLetters: noted('submit', 'own'),
    // What reads.
    GetEvaluation: may('read', 'evaluation'),
    WhyPending: may('read', 'evaluation'),
    GetCourse: may('read', 'evaluation'),
    ListEvaluations: may('read', 'request'),
    WatchEvaluations: may('read', 'request'),
    WatchEvaluation: may('read', 'evaluation'),
    StreamResults: may('read', 'evaluation'),
    StreamLogs: may('read', 'evaluation'),
    GetReport: may('read', 'evaluation'),
    ListSamples: may('read', 'evaluation'),
    GetSample: may('read', 'evaluation'),
    VerifyEvaluation: may('read', 'evaluation'),
    RecordEvaluation: may('read', 'evaluation'),
    ListDeadLetters: may('read', 'own'),
    GetDeadLetter: may('read', 'evaluation'),
    // What ends work, or lets it wait.
    PauseEvaluation: noted('cancel', 'own'),
    ResumeEvaluation: noted('cancel', 'own'),
    CancelEvaluation: noted('cancel', 'own'),
    SkipSamples: noted('cancel', 'evaluation'),
    DropDeadLetters: noted('cancel', 'own'),
    // What cannot be undone, and what mends.
    DeleteEvaluation: privileged('admin', 'own'),
    RecoverEvaluation: privileged('operate', 'evaluation'),
  }),
  // Agents, routes and the store serve all namespaces alike.
  ...service('assay.v1.OperatorService', {
    ListAgents: may('operate', 'every'),
    GetAgent: may('operate', 'every'),
    StreamAgentLogs: may('operate', 'every'),
    DrainAgent: { ...privileged('operate', 'every'), about: true },
    ListRoutes: may('operate', 'every'),
    WhyRoute: may('operate', 'every'),
    PauseRoute: { ...privileged('operate', 'every'), about: true },
    // What is of the fleet is for whoever may list agents.
    ListEvents: may('operate', 'own'),
    WatchCluster: may('operate', 'every'),
    CollectGarbage: privileged('operate', 'every'),
  }),
  ...service('assay.v1.IdentityService', {
    CreateToken: privileged('admin', 'request'),
    ListTokens: may('admin', 'own'),
    RevokeToken: privileged('admin', 'own'),
    CreateJoinToken: privileged('admin', 'request'),
    ListJoinTokens: may('admin', 'own'),
    RevokeJoinToken: privileged('admin', 'own'),
    // By a join token, which is asked for by the use-case, with a limit of its own.
    Join: { ...FREE, privileged: true },
    RevokeAgent: privileged('admin', 'own'),
    WhoAmI: ANYONE,
    ListNamespaces: may('admin', 'own'),
    // What is left in its own is told to each of its callers.
    GetNamespace: may('anyone', 'request'),
    // Nobody raises the bounds that are his.
    SetNamespace: { ...privileged('admin', 'every'), about: true },
  }),
  // It tells of every namespace.
  ...service('assay.v1.AuditService', { ListAudit: may('admin', 'every'), VerifyAudit: may('admin', 'every') }),
  // An agent is given tasks of the namespaces that it is bound to.
  ...service('assay.v1.AgentService', { Connect: { ...may('agent', 'own'), proves: true } }),
  // Probes of an orchestrator have no token, and learn nothing but SERVING.
  ...service('grpc.health.v1.Health', { Check: FREE, Watch: FREE, List: FREE }),
  ...service('grpc.reflection.v1.ServerReflection', { ServerReflectionInfo: ANYONE }),
  ...service('grpc.reflection.v1alpha.ServerReflection', { ServerReflectionInfo: ANYONE }),
};

/** The path of a method that has a row. */
export type RuledPath = keyof typeof TABLE;

export const RULES: Readonly<Record<string, Rule>> = TABLE;

/** What a caller lacks for a call, as far as its rule says so before anything is known of the request. */
export interface Lack {
  readonly scope?: Scope;
  /** All namespaces, where it has only some. */
  readonly namespaces?: '*';
}

/** undefined: nothing. */
export function lackOf(
  { needs, namespace }: Rule,
  { scopes, namespaces }: { scopes: ReadonlySet<Scope>; namespaces: Namespaces },
): Lack | undefined {
  const isScoped = needs !== 'anyone' && needs !== 'anonymous';
  const lack: Lack = {
    ...(isScoped && !scopes.has(needs) && { scope: needs }),
    ...(namespace === 'every' && namespaces !== '*' && { namespaces: '*' as const }),
  };
  return lack.scope === undefined && lack.namespaces === undefined ? undefined : lack;
}

/** Throws where a method that is served has no row. */
export function checkRules(paths: Iterable<string>): void {
  const missing = [...paths].filter((path) => !Object.hasOwn(RULES, path));
  if (missing.length > 0)
    throw new AppError('failed_precondition', `nobody may call ${missing.join(', ')}: add a row to shared/domain/access-rules.ts`);
}
