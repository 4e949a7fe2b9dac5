/** What a picture says, as a table: for whoever does not see it, and whoever wants the numbers. It is made when it is opened. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export function Instead({ of, children }: { of: string; children: () => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="instead" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        As a table<span class="silent">: {of}</span>
      </summary>
      {isOpen ? children() : null}
    </details>
  );
}
