/** What proves who a caller is, as it travels: behind `authorization: Bearer`. */

/** A JWT with the groups of its bearer has some thousands; all headers of a call together have 64 KiB. */
export const MAX_BEARER_CHARS = 16_384;

/** Whether it can be sent at all. */
export const isBearer = (text: string): boolean => text.length <= MAX_BEARER_CHARS && /^[\x21-\x7e]+$/.test(text);

/** What is wrong with what is none. */
export const NO_BEARER = `holds no token: one has at most ${MAX_BEARER_CHARS} visible ASCII characters and no blanks; write the coordinator's`;
