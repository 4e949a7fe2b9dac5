/** What whoever looks may do, by the coordinator's own table: what would be refused is not offered, and the page says what it wants. Pure. */
import type { WhoAmI } from '../../shared/client/identity-types.ts';
import { lackOf, RULES, type RuledPath } from '../../shared/domain/access-rules.ts';
import { SCOPES, type Scope } from '../../shared/domain/identity.ts';

/** A method of the coordinator's, by service and name. */
export type Call = RuledPath extends infer Path ? (Path extends `/assay.v1.${infer Name}` ? Name : never) : never;

export type May = Pick<WhoAmI, 'scopes' | 'namespaces'>;

/** What a call wants that is not there, in words behind “wants”; '': it may be made, wherever one may look. */
export function wanted(call: Call, { scopes, namespaces }: May): string {
  const lack = lackOf(RULES[`/assay.v1.${call}`]!, { scopes: new Set(scopes), namespaces });
  if (!lack) return '';
  if (lack.scope === undefined) return 'all namespaces';
  return `the scope ${lack.scope}${lack.namespaces ? ' in all namespaces' : ''}`;
}

/** Whether a call may be made. */
export const may = (call: Call, who: May): boolean => wanted(call, who) === '';

/** What one has, in words. */
export function has({ scopes, namespaces }: May): string {
  const what = SCOPES.every((scope) => scopes.includes(scope)) ? 'all scopes' : scopes.length === 0 ? 'no scope' : scopes.join(', ');
  const where = namespaces === '*' ? 'all namespaces' : namespaces.length === 0 ? 'no namespace' : namespaces.join(', ');
  return `${what} in ${where}`;
}

/** The scopes and namespaces with which a call may be made, beside those that there are: for whoever makes a token. */
export function withWhich(call: Call, { scopes, namespaces }: May): string {
  const { needs, namespace } = RULES[`/assay.v1.${call}`]!;
  const all = new Set<Scope>([...scopes, ...SCOPES.filter((scope) => scope === needs)]);
  const where = namespace === 'every' || namespaces === '*' ? "'*'" : namespaces.join(',');
  return `assay token create NAME --scope ${SCOPES.filter((scope) => all.has(scope)).join(',')} --namespace ${where}`;
}

/** What lies in the menu, and what each page cannot be without. */
export const PAGES = [
  ['evaluations', 'Evaluations', 'EvaluationService/ListEvaluations'],
  ['agents', 'Agents', 'OperatorService/ListAgents'],
  ['routes', 'Routes', 'OperatorService/ListRoutes'],
  ['dead-letters', 'Dead letters', 'EvaluationService/ListDeadLetters'],
  ['events', 'Events', 'OperatorService/ListEvents'],
  ['audit', 'Audit', 'AuditService/ListAudit'],
  ['cluster', 'Cluster', 'OperatorService/WatchCluster'],
] as const satisfies readonly (readonly [string, string, Call])[];

/** What the page at an address cannot be without, and its name; undefined: nothing. */
export function needsOf([first = '', id, part]: readonly string[]): readonly [title: string, call: Call] | undefined {
  if (first === 'compare') return ['Compare', 'EvaluationService/StreamResults'];
  if (first === 'evaluations' && id !== undefined)
    return part === 'clone' ? ['Clone as new', 'EvaluationService/SubmitEvaluation'] : ['Evaluation', 'EvaluationService/GetEvaluation'];
  const page = PAGES.find(([name]) => name === first);
  return page && [page[1], page[2]];
}

/** The commands among these that would be refused, by what they want: `[['the scope cancel', ['Pause', 'Cancel']]]`. */
export function withheld(commands: readonly (readonly [title: string, call: Call])[], who: May): [want: string, titles: string[]][] {
  const by = new Map<string, string[]>();
  for (const [title, call] of commands) {
    const want = wanted(call, who);
    if (want !== '') by.set(want, [...(by.get(want) ?? []), title]);
  }
  return [...by];
}
