/** Ways to prove who one is. They are tried in order: the first that takes what was presented decides. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AppError } from '../../shared/domain/errors.ts';
import { LOCAL, type Identity } from '../../shared/domain/identity.ts';

/** Who a certificate says that its bearer is. */
export interface PeerIdentity {
  /** A URI (`spiffe://…`) or a name of DNS in lower case, of the certificate's subjectAltName; never its common name. */
  readonly name: string;
  readonly kind: 'uri' | 'dns';
  /** SHA-256 of the certificate, in hex. */
  readonly fingerprint: string;
  readonly untilMs: number;
}

/** What a call brings along: of its one `authorization` header, and of its connection. */
export interface Presented {
  /** Behind "Bearer "; absent: there is no such header. */
  readonly bearer?: string;
  /** The certificate of its connection, which the door has verified; undefined: there is none, or it names nobody. */
  readonly certificate?: () => PeerIdentity | undefined;
  readonly peer: string;
}

export interface Verified {
  readonly identity: Identity;
  /** So far it was only said: good for nothing but a method that has it proved. */
  readonly mustProve?: true;
  /** `onOver` is called once, as soon as this holds no more; returns what ends the watch. */
  watch(onOver: (why: AppError) => void): () => void;
}

export interface Authenticator {
  /** Whether this is one of its own, by its shape. */
  takes(presented: Presented): boolean;
  /** Throws `unauthenticated`; `unavailable` where it cannot be told. */
  verify(presented: Presented): Verified | Promise<Verified>;
}

const FOR_GOOD = (identity: Identity): Verified => ({ identity, watch: () => () => undefined });

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The coordinator's own token, of its settings: whoever has it may everything. Compared as hashes, which takes the same time whatever they are. */
export function ownToken(token: string): Authenticator {
  const expected = sha256(token);
  const verified = FOR_GOOD(LOCAL);
  return {
    takes: ({ bearer }) => bearer !== undefined && timingSafeEqual(sha256(bearer), expected),
    verify: () => verified,
  };
}

/** For a coordinator without a token of its own, which only this machine can reach: whoever comes may everything. */
export function thisMachine(): Authenticator {
  const verified = FOR_GOOD(LOCAL);
  return { takes: () => true, verify: () => verified };
}
