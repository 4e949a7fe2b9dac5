/** The frame of all pages: who is there, where one can go, and what lies at an address. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { SessionInfo } from '../../shared/http/answers.ts';
import { has, may, needsOf, PAGES } from './allowed.ts';
import { api, asCallError, CallError } from './api.ts';
import { wantFocus } from './focus.ts';
import { Boundary } from './kit/boundary.tsx';
import { centre } from './kit/centred.ts';
import { Empty, Failed, Head } from './kit/parts.tsx';
import { ThemeChoice } from './kit/theme-choice.tsx';
import { Denied } from './kit/withheld.tsx';
import { AgentPage } from './pages/agent.tsx';
import { AgentsPage } from './pages/agents.tsx';
import { AuditPage } from './pages/audit.tsx';
import { ClusterPage } from './pages/cluster.tsx';
import { ClonePage } from './pages/clone.tsx';
import { ComparePage } from './pages/compare.tsx';
import { DeadLettersPage } from './pages/dead-letters.tsx';
import { EventsPage, OpenAlerts } from './pages/events.tsx';
import { EvaluationPage } from './pages/evaluation.tsx';
import { EvaluationsPage } from './pages/evaluations.tsx';
import { Login } from './pages/login.tsx';
import { RescorePage } from './pages/rescore.tsx';
import { RoutePage } from './pages/route.tsx';
import { RoutesPage } from './pages/routes.tsx';
import { SamplePage } from './pages/sample.tsx';
import { go, usePlace, type Place } from './router.ts';
import { Who } from './who.ts';

/** Whose page it is; `over`: a login is needed again; `none`: it is needed. */
type Known = SessionInfo | 'none' | 'over' | CallError;

/** The whole page. */
export function App() {
  const [session, setSession] = useState<Known>();
  const asking = useRef<Promise<void>>(undefined);
  const ask = useCallback((): void => {
    if (asking.current) return;
    const own = asked().then((now) => {
      // Whoever has logged in or out meanwhile is not told of the session before.
      if (asking.current !== own) return;
      asking.current = undefined;
      setSession((before) => next(before, now));
    });
    asking.current = own;
  }, []);
  const enter = (now: SessionInfo | 'none'): void => {
    asking.current = undefined;
    setSession(now);
  };
  useEffect(() => {
    api.onDoubt = ask;
    ask();
  }, []);
  if (session === undefined) return null;
  if (session === 'none' || session === 'over')
    return (
      <Login
        isOver={session === 'over'}
        onSession={(made) => {
          wantFocus();
          enter(made);
        }}
      />
    );
  if (session instanceof CallError)
    return (
      <main class="alone">
        <Failed error={session} retry={ask} />
      </main>
    );
  return (
    <Who.Provider value={session.identity}>
      <Shell session={session} onSignedOut={() => enter('none')} />
    </Who.Provider>
  );
}

async function asked(): Promise<SessionInfo | 'none' | CallError> {
  try {
    return await api.session();
  } catch (error) {
    const known = asCallError(error);
    return known.code === 'unauthenticated' ? 'none' : known;
  }
}

/** What is known after an answer. Whoever was there stays while nobody says otherwise, and as they are while nothing of them changes. */
function next(before: Known | undefined, now: SessionInfo | 'none' | CallError): Known {
  const wasThere = typeof before === 'object' && !(before instanceof CallError);
  if (now === 'none') return wasThere || before === 'over' ? 'over' : 'none';
  if (!wasThere) return now;
  return now instanceof CallError || JSON.stringify(now) === JSON.stringify(before) ? before : now;
}

function Shell({ session, onSignedOut }: { session: SessionInfo; onSignedOut: () => void }) {
  const { identity } = session;
  const place = usePlace();
  const entries = PAGES.filter(([, , call]) => may(call, identity));
  // Where the login has an address of its own, nothing lies behind it.
  const isAtLogin = place.segments[0] === 'login';
  useEffect(() => {
    if (isAtLogin) go('/', { replace: true });
  }, [isAtLogin]);
  const segments = place.segments.length > 0 && !isAtLogin ? place.segments : [entries[0]?.[0] ?? 'evaluations'];
  const here = segments[0]!;
  const menu = useRef<HTMLUListElement>(null);
  // Where the menu is wider than its room, the entry of this page is in its middle.
  useEffect(() => centre(menu.current), [here]);
  const [stays, setStays] = useState<CallError>();
  const logOut = (): void => {
    setStays(undefined);
    api.logout().then(onSignedOut, (error: unknown) => {
      const known = asCallError(error);
      // The session goes on as long as nobody has ended it.
      if (known.code === 'unauthenticated') onSignedOut();
      else setStays(known);
    });
  };
  const leave = session.csrfToken === undefined ? undefined : logOut;
  const needs = needsOf(segments);
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
          {entries.map(([name, title]) => (
            <li key={name}>
              <a href={`/${name}`} aria-current={here === name ? 'page' : undefined}>
                {title}
              </a>
              {name === 'events' ? <OpenAlerts /> : null}
            </li>
          ))}
        </ul>
        <div class="side-foot">
          <ThemeChoice />
          <p class="who" title={`${identity.name}: ${has(identity)}`}>
            {identity.name}
            <small>{has(identity)}</small>
          </p>
          {leave ? (
            <button type="button" class="quiet" onClick={leave}>
              Log out
            </button>
          ) : null}
        </div>
      </nav>
      <main id="content" tabIndex={-1}>
        {stays ? <Failed title="You are still logged in." error={stays} retry={logOut} /> : null}
        <Boundary at={segments.join('/')}>
          {needs && !may(needs[1], identity) ? (
            <Denied title={needs[0]} call={needs[1]} leave={leave} />
          ) : (
            <At segments={segments} query={place.query} session={session} />
          )}
        </Boundary>
      </main>
    </div>
  );
}

/** What lies at an address. */
function At({ segments, query, session }: Place & { session: SessionInfo }): ComponentChildren {
  const [first, id, part, unit] = segments;
  if (first === 'evaluations') {
    if (id === undefined) return <EvaluationsPage query={query} identity={session.identity} />;
    if (part === 'samples' && unit !== undefined)
      return <SamplePage key={`${id} ${unit}`} evaluationId={id} unit={Number(unit)} query={query} />;
    if (part === 'clone') return <ClonePage key={id} evaluationId={id} identity={session.identity} />;
    if (part === 'rescore') return <RescorePage key={id} evaluationId={id} />;
    if (part === undefined || part === 'samples' || part === 'course' || part === 'logs' || part === 'spec' || part === 'record')
      return <EvaluationPage key={id} evaluationId={id} part={part ?? 'scores'} query={query} />;
  }
  if (first === 'agents') return id === undefined ? <AgentsPage query={query} /> : <AgentPage key={id} agentId={id} query={query} />;
  if (first === 'routes') return id === undefined ? <RoutesPage query={query} /> : <RoutePage key={id} routeId={id} />;
  if (first === 'dead-letters') return <DeadLettersPage query={query} identity={session.identity} />;
  if (first === 'events') return <EventsPage query={query} identity={session.identity} />;
  if (first === 'audit') return <AuditPage query={query} />;
  if (first === 'compare') return <ComparePage query={query} />;
  if (first === 'cluster') return <ClusterPage query={query} />;
  return (
    <>
      <Head title="Nothing here" />
      <Empty title="There is no such page.">
        <a href="/">All evaluations</a>
      </Empty>
    </>
  );
}
