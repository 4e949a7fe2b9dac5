/** A link to a page; for whoever may not see that page only what it says. */
import type { ComponentChildren } from 'preact';
import { may, needsOf } from '../allowed.ts';
import { useWho } from '../who.ts';

export function Way({ href, title, children }: { href: string; title?: string; children: ComponentChildren }) {
  const who = useWho();
  const needs = needsOf(
    href
      .replace(/\?.*/, '')
      .split('/')
      .filter((segment) => segment !== ''),
  );
  return !needs || may(needs[1], who) ? (
    <a href={href} title={title}>
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
}
