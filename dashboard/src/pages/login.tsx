/** Where a coordinator wants a token: it makes a session of it, and is not kept. */
import { useEffect, useState } from 'preact/hooks';
import type { SessionInfo } from '../../../shared/http/answers.ts';
import { api, CallError } from '../api.ts';

/** `isOver`: there was a session, which has ended. */
export function Login({ onSession, isOver }: { onSession: (session: SessionInfo) => void; isOver: boolean }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => void (document.title = 'Log in · Assay'), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    api.login(token.trim()).then(onSession, (error: unknown) => {
      setBusy(false);
      const isRefused = error instanceof CallError && error.code === 'unauthenticated';
      setProblem(isRefused ? 'This token is not known here, or it is over.' : error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <main class="alone">
      <form class="login" onSubmit={submit}>
        <p class="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Assay
        </p>
        <h1>Log in</h1>
        {isOver ? (
          <p role="status">
            The session is over: it ran out, was left elsewhere, or its token was revoked. This page goes on after the login.
          </p>
        ) : null}
        <label>
          Token
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            spellcheck={false}
            required
            autofocus
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
            aria-describedby="login-help"
            aria-invalid={problem !== ''}
          />
        </label>
        {problem === '' ? null : (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="main" disabled={isBusy || token.trim() === ''}>
          Log in
        </button>
        <p class="help" id="login-help">
          <code>assay token create NAME --scope read</code> makes one for looking at evaluations. Agents, Routes and Cluster want{' '}
          <code>{"--scope read,operate --namespace '*'"}</code>, Audit <code>admin</code> as well. The browser gets a session of twelve
          hours; the token itself is not kept.
        </p>
      </form>
    </main>
  );
}
