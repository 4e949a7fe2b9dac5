/** What claims give: by whole words that are equal, never by patterns, and nothing that no rule gives. Pure. */
import type { ClaimRule } from './settings.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The first rule that fits; what several give is not added up, so that a reader of the settings sees what one has. */
export const ruleFor = (claims: Claims, rules: readonly ClaimRule[]): ClaimRule | undefined =>
  rules.find((rule) => {
    const wanted = Object.entries(rule.claims);
    return wanted.length > 0 && wanted.every(([name, value]) => Object.hasOwn(claims, name) && hasValue(claims[name], value));
  });

/** Equal, or a list that has it. */
const hasValue = (claim: unknown, value: string | boolean): boolean => claim === value || (Array.isArray(claim) && claim.includes(value));

/** Of the claim that says who it is; undefined: it says nothing that can be shown to people. */
export function nameIn(claims: Claims, claim: string): string | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return typeof value === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(value) ? value : undefined;
}
