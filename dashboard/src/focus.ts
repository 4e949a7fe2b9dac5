/** Where the focus is after a step inside of the page: a browser would begin a new document at its top, and here nothing would tell that another page is there. */

const HEADING = 'main h1';

let wanted: string | undefined;

/** What is to have the focus as soon as it is there, unless somebody does something before. */
export function wantFocus(selector = HEADING): void {
  wanted = selector;
}

/** The page is there, as far as its heading says so. */
export function takeFocus(): void {
  if (wanted === undefined) return;
  const found = document.querySelector<HTMLElement>(`${wanted}:not(:disabled)`) ?? document.querySelector<HTMLElement>(HEADING);
  wanted = undefined;
  found?.focus({ preventScroll: true });
}

/** What people do themselves. */
export const HANDS = ['keydown', 'pointerdown', 'wheel', 'touchstart'] as const;

/** Once for the page: whoever does something meanwhile is not called back. */
export function watchHands(): void {
  for (const name of HANDS) addEventListener(name, () => (wanted = undefined), { capture: true, passive: true });
}
