/**
 * Certificates as identities: whoever shows one that the door has verified, and nothing else, is who the rule for the name in it says. A rule is
 * for one name, letter by letter. Whoever presents a token as well is its bearer: what was presented on purpose goes before what every
 * connection shows.
 */
import { bindingOf } from '../../shared/domain/binding.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Authenticator, PeerIdentity, Presented, Verified } from './authenticator.ts';
import type { Grant } from './grant.ts';
import { Rechecks } from './rechecks.ts';
import { watchAll, watchUntil } from './until.ts';

export interface CertificateRule extends Grant {
  readonly kind: PeerIdentity['kind'];
  /** The URI, or the name of DNS in lower case. */
  readonly san: string;
  /** For people. */
  readonly name: string;
}

const keyOf = (kind: PeerIdentity['kind'], name: string): string => `${kind}:${name}`;

const bySanOf = (rules: readonly CertificateRule[]): ReadonlyMap<string, CertificateRule> =>
  new Map(rules.map((rule) => [keyOf(rule.kind, rule.san), rule]));

/** For a coordinator whose door lets nobody in without a certificate. */
export class CertificateIdentities implements Authenticator {
  readonly #clock: Clock;
  readonly #rechecks = new Rechecks();
  #bySan: ReadonlyMap<string, CertificateRule>;
  /** Stays so where the last rule goes: whoever had one must not be taken for this machine then. */
  #isWanted: boolean;

  constructor(rules: readonly CertificateRule[], clock: Clock) {
    this.#clock = clock;
    this.#bySan = bySanOf(rules);
    this.#isWanted = rules.length > 0;
  }

  /** Whose rule is not the same any more is ended. */
  update(rules: readonly CertificateRule[]): void {
    this.#bySan = bySanOf(rules);
    this.#isWanted ||= rules.length > 0;
    this.#rechecks.run();
  }

  /** Whoever has a rule to hope for is not taken for anybody else. */
  takes({ bearer }: Presented): boolean {
    return this.#isWanted && bearer === undefined;
  }

  verify({ certificate }: Presented): Verified {
    const shown = certificate?.();
    if (!shown) throw refused('names nobody: it needs exactly one URI, or exactly one name of DNS, in its subjectAltName');
    const san = keyOf(shown.kind, shown.name);
    const rule = this.#bySan.get(san);
    if (!rule) throw refused(`of ${JSON.stringify(shown.name.slice(0, 200))} has no rule here`);
    const over = (): AppError => refused(`of ${JSON.stringify(shown.name)} has ended`);
    // NaN, of a date that cannot be read, is not after now.
    if (!(shown.untilMs > this.#clock.now())) throw over();
    const identity: Identity = {
      ...{ name: rule.name, kind: 'certificate', scopes: new Set(rule.scopes), namespaces: rule.namespaces },
      ...{ origin: shown.name, expiresAtMs: shown.untilMs },
      ...bindingOf(rule.pools ?? [], rule.labels ?? {}),
    };
    const given = JSON.stringify(rule);
    const recheck = (): AppError | undefined =>
      JSON.stringify(this.#bySan.get(san)) === given
        ? undefined
        : refused(`of ${JSON.stringify(shown.name)} has another rule by now, or none`);
    const watchTime = watchUntil(this.#clock, shown.untilMs, over);
    return { identity, watch: (onOver) => watchAll(onOver, [watchTime, (once) => this.#rechecks.watch(recheck, once)]) };
  }
}

const refused = (why: string): AppError =>
  new AppError(
    'unauthenticated',
    `the certificate ${why}; show another one, or send metadata "authorization: Bearer TOKEN" (ASSAY_TOKEN for the command line)`,
  );
