/** A link to a page; for whoever may not see that page only what it says. */
import type { ComponentChildren } from 'preact';
import { may, needsOf } from '../allowed.ts';
import { useWho } from '../who.ts';

export function Way({ href, children }: { href: string; children: ComponentChildren }) {
  const who = useWho();
  const needs = needsOf(href.split('/').filter((segment) => segment !== ''));
  return !needs || may(needs[1], who) ? <a href={href}>{children}</a> : <span>{children}</span>;
}
