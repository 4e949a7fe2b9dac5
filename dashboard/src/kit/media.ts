/** How wide the page is, where that decides what is in it, and not only how it looks. */
import { useEffect, useState } from 'preact/hooks';

/** Where columns of the widest screens have no room: `from-wide` of style/tables.css. */
export const LESS_ROOM = '(max-width: 1219px)';
/** Where they have room in lines of their own. */
export const MIDDLE = '(min-width: 760px) and (max-width: 1219px)';

/** Whether it is so now; what uses it is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [isSo, setSo] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = (): void => setSo(media.matches);
    changed();
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, [query]);
  return isSo;
}
