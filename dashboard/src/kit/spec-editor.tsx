/** A text with its lines numbered, and below it what is wrong with which of them. */
import { useRef } from 'preact/hooks';
import type { Span } from '../spec-text.ts';

/** As the style has it. */
const LINE_PX = 18;

/** What was said of a place in the text. */
export interface Mark {
  /** '' of the text as a whole. */
  place: string;
  problem: string;
  /** Else it is a warning. */
  isFault: boolean;
  /** Undefined: it is of nothing in the text. */
  span: Span | undefined;
}

export function SpecEditor({ text, marks, onText }: { text: string; marks: readonly Mark[]; onText: (text: string) => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const marked = new Map(marks.toReversed().flatMap(({ span, isFault }) => (span ? [[span.line, isFault ? 'bad' : 'held'] as const] : [])));
  const show = ({ from, to, line }: Span): void => {
    const own = area.current!;
    own.focus();
    own.setSelectionRange(from, to);
    own.scrollTop = Math.max(0, (line - 5) * LINE_PX + LINE_PX / 3);
  };
  return (
    <div class="editor">
      <div class="editor-room">
        <div class="editor-gutter" aria-hidden="true">
          <div ref={gutter}>
            {text.split('\n').map((_, i) => (
              <span key={i} class={marked.has(i + 1) ? `is-${marked.get(i + 1)}` : ''}>
                {i + 1}
              </span>
            ))}
          </div>
        </div>
        <textarea
          ref={area}
          aria-label="Spec"
          aria-invalid={marks.some(({ isFault }) => isFault)}
          aria-describedby="editor-marks"
          spellcheck={false}
          autocapitalize="off"
          wrap="off"
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onScroll={(event) => {
            gutter.current!.style.transform = `translateY(${-event.currentTarget.scrollTop}px)`;
          }}
        />
      </div>
      <ul class="editor-marks" id="editor-marks" aria-live="polite">
        {marks.map(({ place, problem, isFault, span }, i) => (
          <li key={i} class={isFault ? 'is-bad' : 'is-held'}>
            {span ? (
              <button type="button" class="quiet" onClick={() => show(span)}>
                line {span.line}
              </button>
            ) : null}
            <span>
              {place === '' ? null : <b>{place}</b>} {problem}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
