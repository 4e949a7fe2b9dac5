/** Of a row of links that is wider than its room: the one of this page is brought to its middle. */
export function centre(list: HTMLElement | null): void {
  const entry = list?.querySelector<HTMLElement>('[aria-current]');
  if (!list || !entry) return;
  const [room, own] = [list.getBoundingClientRect(), entry.getBoundingClientRect()];
  list.scrollLeft += own.left + own.width / 2 - (room.left + room.width / 2);
}
