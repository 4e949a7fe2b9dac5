/** What all pages are made of: headings, facts, notes for what is empty, late or broken. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CallError } from '../api.ts';
import { takeFocus } from '../focus.ts';

export interface HeadProps {
  readonly title: string;
  /** The part of the page that is shown, for the browser's window. */
  readonly part?: string;
  /** What it is called is not known so far. */
  readonly isEarly?: boolean;
  readonly sub?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** The head of a page; it names the browser's window as well, and has the focus when one comes here from another page. */
export function Head({ title, part, isEarly = false, sub, actions }: HeadProps) {
  useEffect(() => void (document.title = `${part ? `${part} · ` : ''}${title} · Assay`), [title, part]);
  useEffect(() => {
    if (!isEarly) takeFocus();
  }, [isEarly]);
  return (
    <header class="head">
      <div class="head-words">
        <h1 tabIndex={-1}>{title}</h1>
        {sub ? <p class="sub">{sub}</p> : null}
      </div>
      {actions ? <div class="actions">{actions}</div> : null}
    </header>
  );
}

export const Panel = ({
  title,
  note,
  children,
  id,
}: {
  title: string;
  note?: ComponentChildren;
  children: ComponentChildren;
  id?: string;
}) => (
  <section class="panel" id={id}>
    <h2>
      {title}
      {note ? <span class="note">{note}</span> : null}
    </h2>
    {children}
  </section>
);

/** Names and values; what has no value is left out. */
export const Facts = ({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {rows
      .filter(([, value]) => value !== '' && value !== undefined && value !== null && value !== false)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** A figure with its name, for the strip on top of a page. */
export const Figure = ({ name, value, more }: { name: string; value: ComponentChildren; more?: ComponentChildren }) => (
  <div class="figure">
    <span class="figure-name">{name}</span>
    <span class="figure-value">{value}</span>
    {more ? <span class="figure-more">{more}</span> : null}
  </div>
);

export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children ? <div class="empty-more">{children}</div> : null}
  </div>
);

/** `title`: what that means, where it is not that something is not shown. */
export function Failed({ error, retry, title }: { error: CallError; retry?: () => void; title?: string }) {
  return (
    <div class="failed" role="alert">
      <p>
        <b>{title ?? FAILED[error.code] ?? 'This could not be shown.'}</b> {error.message}
      </p>
      {retry ? (
        <button type="button" onClick={retry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

const FAILED: Readonly<Record<string, string>> = {
  unavailable: 'No answer.',
  deadline: 'No answer in time.',
  permission_denied: 'Not allowed.',
  not_found: 'Not found.',
  invalid: 'Refused.',
  failed_precondition: 'Not possible now.',
};

/** Shown only where something takes its time: a page that flickers seems slower than it is. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={isLate ? 'loading' : 'loading is-early'} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  );
}

/** An id in full for whoever copies it, with a button that does. */
export function Id({ id }: { id: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(id).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1_500);
      },
      () => undefined,
    );
  };
  return (
    <span class="id">
      <code>{id}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${id}`}>
        {isCopied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}

/** Asks before something is done that cannot be taken back, or wants a word with it. */
export function Ask(props: {
  title: string;
  children: ComponentChildren;
  action: string;
  tone?: 'bad' | undefined;
  onAnswer: (isYes: boolean) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  // Before anything is drawn: keys that follow the one that has asked are for the question.
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // Enter means the action where there is no box as well; what cannot be taken back waits for another key.
    if (props.tone !== 'bad' && !dialog.current?.querySelector('input, select')) yes.current?.focus();
  }, []);
  return (
    <dialog ref={dialog} class="ask" aria-label={props.title} onClose={() => props.onAnswer(dialog.current?.returnValue === 'yes')}>
      <form method="dialog">
        <h2>{props.title}</h2>
        {props.children}
        <div class="actions">
          {/* No button to submit with: Enter in a box means the action. */}
          <button type="button" onClick={() => dialog.current?.close('no')}>
            Back
          </button>
          <button ref={yes} value="yes" class={props.tone === 'bad' ? 'bad' : 'main'}>
            {props.action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
