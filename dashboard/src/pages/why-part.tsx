/** Why an evaluation does not run, or not faster: the reason that counts stands first. */
import type { Reason, Why } from '../../../shared/client/why.ts';
import { Badge, type Tone } from '../kit/state.tsx';
import { moment, plural, some } from '../words.ts';

export const REASON_TONES: Readonly<Record<Reason['effect'], Tone>> = { blocks: 'bad', slows: 'held', runs: 'work', over: 'off' };
export const REASON_WORDS: Readonly<Record<Reason['effect'], string>> = {
  blocks: 'blocked',
  slows: 'slowed',
  runs: 'running',
  over: 'over',
};

export function WhyPart({ why }: { why: Why }) {
  const [first, ...others] = why.reasons;
  if (!first || (first.effect === 'runs' && others.length === 0)) return null;
  return (
    <section class={first.effect === 'runs' ? 'why' : 'why is-held'} aria-label="Why it waits">
      <One reason={first} isFirst />
      {others.length > 0 ? (
        <details>
          <summary>{plural(others.length, 'more reason')}</summary>
          {others.map((reason, i) => (
            <One key={i} reason={reason} />
          ))}
        </details>
      ) : null}
    </section>
  );
}

/** What stands in backticks is to be typed. */
const words = (text: string) => text.split('`').map((part, i) => (i % 2 === 1 ? <kbd key={i}>{part}</kbd> : part));

export const One = ({ reason, isFirst = false }: { reason: Reason; isFirst?: boolean }) => (
  <article class={isFirst ? 'reason is-first' : 'reason'}>
    <Badge tone={REASON_TONES[reason.effect]}>{REASON_WORDS[reason.effect]}</Badge>
    <div>
      <p class="reason-text">{reason.text}</p>
      <p class="reason-more">
        {[
          reason.samples > 0 ? plural(reason.samples, 'sample') : '',
          reason.untilMs > 0 ? `until ${moment(reason.untilMs)}` : '',
          reason.agentCount > 0
            ? `${plural(reason.agentCount, 'agent')}: ${some(
                reason.agents.map(({ name, text }) => (text ? `${name} (${text})` : name)),
                3,
              )}`
            : '',
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </p>
      {reason.remedy === '' ? null : (
        <p class="reason-more">
          {words(reason.remedy)}
          {reason.command === '' ? null : <code>{reason.command}</code>}
        </p>
      )}
    </div>
  </article>
);
