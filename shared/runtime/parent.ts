/** For children of the command line: ending when the parent is gone, however it went. The parent keeps our stdin open. */

/** Calls `onGone` once, when stdin ends. */
export function watchParent(onGone: () => void, stdin: NodeJS.ReadStream = process.stdin): void {
  let gone = false;
  const once = (): void => {
    if (gone) return;
    gone = true;
    onGone();
  };
  stdin.on('end', once).on('close', once).on('error', once);
  stdin.resume();
}
