/** The API tokens as this coordinator knows them, and how their bearers prove who they are. */
import { hasTokenPrefix, hashOfToken, isApiToken } from '../../shared/domain/api-token.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Authenticator, Presented, Verified } from './authenticator.ts';
import { RecordBook, type BookParts } from './record-book.ts';
import { identityOf, tokenRecordOf, TOKENS, type TokenRecord } from './token-record.ts';

/** What is revoked stays revoked: an older look cannot undo it. */
const later = (known: TokenRecord, seen: TokenRecord): TokenRecord =>
  known.revokedAtMs !== undefined && seen.revokedAtMs === undefined ? known : seen;

export class TokenBook extends RecordBook<TokenRecord> implements Authenticator {
  constructor(parts: BookParts) {
    super(
      {
        ...{ kind: TOKENS, word: 'the token', nameOf: ({ hash }) => hash, isName: (name) => /^[0-9a-f]{64}$/.test(name) },
        ...{ read: tokenRecordOf, identityOf, later },
      },
      parts,
    );
  }

  takes({ bearer }: Presented): boolean {
    return bearer !== undefined && hasTokenPrefix(bearer);
  }

  verify({ bearer = '', peer }: Presented): Verified | Promise<Verified> {
    if (!isApiToken(bearer)) throw new AppError('unauthenticated', 'the token is not one: it was cut, or mistyped; ask for another one');
    // What is compared is the hash, of which nobody can choose a beginning: how long that takes tells nothing of a token.
    return this.verifyNamed(hashOfToken(bearer), peer);
  }
}
