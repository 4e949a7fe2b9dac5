/**
 * Certificates as identities: whoever shows one that the door has verified, and nothing else, is who the rule for the name in it says. A rule is
 * for one name, letter by letter. Whoever presents a token as well is its bearer: what was presented on purpose goes before what every
 * connection shows.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Authenticator, PeerIdentity } from './authenticator.ts';
import type { Grant } from './grant.ts';
import { watchUntil } from './until.ts';

export interface CertificateRule extends Grant {
  readonly kind: PeerIdentity['kind'];
  /** The URI, or the name of DNS in lower case. */
  readonly san: string;
  /** For people. */
  readonly name: string;
}

const keyOf = (kind: PeerIdentity['kind'], name: string): string => `${kind}:${name}`;

/** For a coordinator whose door lets nobody in without a certificate. */
export function certificateIdentities(rules: readonly CertificateRule[], clock: Clock): Authenticator {
  const bySan = new Map(rules.map((rule) => [keyOf(rule.kind, rule.san), rule]));
  return {
    // Whoever has a rule to hope for is not taken for anybody else.
    takes: ({ bearer }) => bearer === undefined,
    verify: ({ certificate }) => {
      const shown = certificate?.();
      if (!shown) throw refused('names nobody: it needs exactly one URI, or exactly one name of DNS, in its subjectAltName');
      const rule = bySan.get(keyOf(shown.kind, shown.name));
      if (!rule) throw refused(`of ${JSON.stringify(shown.name.slice(0, 200))} has no rule here`);
      const over = (): AppError => refused(`of ${JSON.stringify(shown.name)} has ended`);
      // NaN, of a date that cannot be read, is not after now.
      if (!(shown.untilMs > clock.now())) throw over();
      const identity: Identity = {
        ...{ name: rule.name, kind: 'certificate', scopes: new Set(rule.scopes), namespaces: rule.namespaces },
        ...{ origin: shown.name, expiresAtMs: shown.untilMs },
      };
      return { identity, watch: watchUntil(clock, shown.untilMs, over) };
    },
  };
}

const refused = (why: string): AppError =>
  new AppError(
    'unauthenticated',
    `the certificate ${why}; show another one, or send metadata "authorization: Bearer TOKEN" (ASSAY_TOKEN for the command line)`,
  );
