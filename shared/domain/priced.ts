/** Costs by a table of prices; apart from what a page needs, which has no table. Pure. */
import { costOfTokens, type Priced } from './cost.ts';
import { priceOf, type PriceTable } from './prices.ts';

/** What tokens cost by a table. */
export const pricedBy =
  (table: PriceTable): Priced =>
  (tokens) =>
    costOfTokens(tokens, (model) => priceOf(table, model), table.version);
