/**
 * How long one try of a call may take, in milliseconds. What reads datasets or many evaluations is given longer: a submit
 * checks every line of its datasets, a report is read from the store.
 */
export const DEADLINE_MS = { short: 15_000, read: 60_000, many: 300_000, datasets: 600_000, health: 2000 } as const;
