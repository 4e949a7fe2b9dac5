/** What is not offered, and why: a page that one may not see, commands that one may not give. */
import { describeNamespaces } from '../../../shared/domain/identity.ts';
import { has, wanted, withheld, withWhich, type Call } from '../allowed.ts';
import { startOf } from '../namespace.ts';
import { setQuery } from '../router.ts';
import { useWho } from '../who.ts';
import { Empty, Head } from './parts.tsx';

/** In the place of buttons: which are not there, and what they want. Nothing where all are. */
export function Withheld({ commands }: { commands: readonly (readonly [title: string, call: Call])[] }) {
  const lacking = withheld(commands, useWho());
  if (lacking.length === 0) return null;
  return (
    <p class="withheld">
      {lacking.map(([want, titles], i) => (
        <span key={want}>
          {i > 0 ? ' ' : ''}
          {titles.slice(0, -2).map((title) => `${title}, `)}
          {titles.slice(-2).join(' and ')} {titles.length === 1 ? 'wants' : 'want'} {want}.
        </span>
      ))}
    </p>
  );
}

/** In the place of a list: its namespace is not one of those that one may look at. */
export function Elsewhere({ namespace }: { namespace: string }) {
  const { name, namespaces } = useWho();
  return (
    <Empty title={`The namespace ${namespace} is not for ${name}.`}>
      <p>{describeNamespaces(namespaces).replaceAll(',', ', ')} can be seen with this token.</p>
      <button type="button" onClick={() => setQuery({ namespace: '', page: '' })}>
        Show {startOf({ namespaces })}
      </button>
    </Empty>
  );
}

/** In the place of a page. `leave`: logs out; absent where no login is needed. */
export function Denied({ title, call, leave }: { title: string; call: Call; leave?: (() => void) | undefined }) {
  const who = useWho();
  return (
    <>
      <Head title={title} />
      <Empty title={`This page is not for ${who.name}.`}>
        <p>
          It wants {wanted(call, who)}. {who.name} has {has(who)}.
        </p>
        <p>
          Whoever runs the cluster can make a token with which it may be seen:
          <br />
          <code>{withWhich(call, who)}</code>
        </p>
        {leave ? (
          <button type="button" onClick={leave}>
            Log in with another token
          </button>
        ) : null}
      </Empty>
    </>
  );
}
