/** The values that there are: no verdict counts nowhere. */
export const collect = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
