/** What draws progress for people: live bars, plain lines, or nothing. */
import type { ProgressView } from './progress-view.ts';

export interface ProgressRenderer {
  /** Draws the picture if enough has changed or enough time has passed; cheap to call often. */
  show(view: ProgressView): void;
  /** Writes a line that stays. */
  note(line: string): void;
  /** Draws the last picture and gives the terminal back. May be called twice. */
  close(view?: ProgressView): void;
}
