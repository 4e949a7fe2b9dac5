/** What the coordinator says of a spec before it is submitted: what it would run and take, and where nobody could work on it. */
import type { Estimate, Validation } from '../../../shared/client/types.ts';
import { usdInWords } from '../../../shared/domain/cost.ts';
import { Facts } from '../kit/parts.tsx';
import { count, plural } from '../words.ts';

export function CheckedPart({ told, validation, hasFaults }: { told: string; validation: Validation | undefined; hasFaults: boolean }) {
  if (told !== '')
    return (
      <p class="checked is-bad" role="alert">
        {told}
      </p>
    );
  if (hasFaults) return <p class="checked is-bad">It would not be accepted.</p>;
  if (!validation) return <p class="checked">Check it to see what it would run and cost. A submit checks it too.</p>;
  const { total, routesWithoutAgent, priceTableVersion } = validation;
  return (
    <>
      <p class="checked is-good">It would be accepted.</p>
      <Facts
        rows={[
          ['Units', count(total.units)],
          ['Tokens, about', `${count(total.inputTokens)} in, ${count(total.outputTokens)} out`],
          ['Cost, about', costOf(total, priceTableVersion)],
          ...routesWithoutAgent
            .slice(0, 5)
            .map(({ requirement, open }) => ['No agent serves now', `${requirement} (${plural(open, 'unit')})`] as const),
        ]}
      />
    </>
  );
}

const costOf = ({ costUsd }: Estimate, version: string): string =>
  costUsd === undefined ? 'no price is known' : `${usdInWords(costUsd)}, by the list prices of ${version}`;
