/** The frame of all pages: who is there, where one can go, and what lies at an address. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionInfo } from '../../shared/http/answers.ts';
import { api, CallError } from './api.ts';
import { Boundary } from './kit/boundary.tsx';
import { centre } from './kit/centred.ts';
import { Empty, Failed, Head } from './kit/parts.tsx';
import { ThemeChoice } from './kit/theme-choice.tsx';
import { AgentPage } from './pages/agent.tsx';
import { AgentsPage } from './pages/agents.tsx';
import { AuditPage } from './pages/audit.tsx';
import { ClusterPage } from './pages/cluster.tsx';
import { ClonePage } from './pages/clone.tsx';
import { ComparePage } from './pages/compare.tsx';
import { DeadLettersPage } from './pages/dead-letters.tsx';
import { EvaluationPage } from './pages/evaluation.tsx';
import { EvaluationsPage } from './pages/evaluations.tsx';
import { Login } from './pages/login.tsx';
import { RescorePage } from './pages/rescore.tsx';
import { RoutePage } from './pages/route.tsx';
import { RoutesPage } from './pages/routes.tsx';
import { SamplePage } from './pages/sample.tsx';
import { usePlace, type Place } from './router.ts';

const MENU = [
  ['evaluations', 'Evaluations'],
  ['agents', 'Agents'],
  ['routes', 'Routes'],
  ['dead-letters', 'Dead letters'],
  ['audit', 'Audit'],
  ['cluster', 'Cluster'],
] as const;

/** The whole page. */
export function App() {
  const [session, setSession] = useState<SessionInfo | 'none' | CallError>();
  useEffect(() => {
    api.onSignedOut = () => setSession('none');
    ask(setSession);
  }, []);
  if (session === undefined) return null;
  if (session === 'none') return <Login onSession={setSession} />;
  if (session instanceof CallError)
    return (
      <main class="alone">
        <Failed error={session} retry={() => ask(setSession)} />
      </main>
    );
  return <Shell session={session} onSignedOut={() => setSession('none')} />;
}

function ask(tell: (session: SessionInfo | 'none' | CallError) => void): void {
  api.session().then(tell, (error: unknown) => {
    const known = error instanceof CallError ? error : new CallError({ code: 'internal', message: String(error) });
    tell(known.code === 'unauthenticated' ? 'none' : known);
  });
}

function Shell({ session, onSignedOut }: { session: SessionInfo; onSignedOut: () => void }) {
  const place = usePlace();
  const here = place.segments[0] ?? 'evaluations';
  const menu = useRef<HTMLUListElement>(null);
  // Where the menu is wider than its room, the entry of this page is in its middle.
  useEffect(() => centre(menu.current), [here]);
  const leave = (): void => void api.logout().then(onSignedOut, onSignedOut);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <nav class="side" aria-label="Pages">
        <a class="brand" href="/">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          Assay
        </a>
        <ul ref={menu}>
          {MENU.map(([name, title]) => (
            <li key={name}>
              <a href={`/${name}`} aria-current={here === name ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
        <div class="side-foot">
          <ThemeChoice />
          <p class="who" title={`scopes: ${session.identity.scopes.join(', ')}`}>
            {session.identity.name}
          </p>
          {session.csrfToken === undefined ? null : (
            <button type="button" class="quiet" onClick={leave}>
              Log out
            </button>
          )}
        </div>
      </nav>
      <main id="content" tabIndex={-1}>
        <Boundary at={place.segments.join('/')}>
          <At place={place} session={session} />
        </Boundary>
      </main>
    </div>
  );
}

/** What lies at an address. */
function At({ place, session }: { place: Place; session: SessionInfo }): ComponentChildren {
  const [first = 'evaluations', id, part, unit] = place.segments;
  if (first === 'evaluations') {
    if (id === undefined) return <EvaluationsPage query={place.query} identity={session.identity} />;
    if (part === 'samples' && unit !== undefined)
      return <SamplePage key={`${id} ${unit}`} evaluationId={id} unit={Number(unit)} query={place.query} />;
    if (part === 'clone') return <ClonePage key={id} evaluationId={id} identity={session.identity} />;
    if (part === 'rescore') return <RescorePage key={id} evaluationId={id} />;
    if (part === undefined || part === 'samples' || part === 'course' || part === 'logs' || part === 'spec' || part === 'record')
      return <EvaluationPage key={id} evaluationId={id} part={part ?? 'scores'} query={place.query} />;
  }
  if (first === 'agents')
    return id === undefined ? <AgentsPage query={place.query} /> : <AgentPage key={id} agentId={id} query={place.query} />;
  if (first === 'routes') return id === undefined ? <RoutesPage query={place.query} /> : <RoutePage key={id} routeId={id} />;
  if (first === 'dead-letters') return <DeadLettersPage query={place.query} identity={session.identity} />;
  if (first === 'audit') return <AuditPage query={place.query} />;
  if (first === 'compare') return <ComparePage query={place.query} />;
  if (first === 'cluster') return <ClusterPage />;
  return (
    <>
      <Head title="Nothing here" />
      <Empty title="There is no such page.">
        <a href="/">All evaluations</a>
      </Empty>
    </>
  );
}
