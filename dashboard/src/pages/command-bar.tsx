/** Buttons for what can be done to some evaluations; each asks before it does it. */
import { useState } from 'preact/hooks';
import { may } from '../allowed.ts';
import { applies, CALLS, COMMANDS, consequences, run, TITLES, type Command, type Target } from '../commands.tsx';
import { useWho } from '../who.ts';
import { useOutcome } from '../kit/outcome.tsx';
import { Ask } from '../kit/parts.tsx';

export function CommandBar({ targets, onDone }: { targets: readonly Target[]; onDone: () => void }) {
  const [asked, setAsked] = useState<Command>();
  const [reason, setReason] = useState('');
  const outcome = useOutcome(onDone);
  const who = useWho();
  const meant = asked ? targets.filter((target) => applies(asked, target)) : [];
  const ask = (command: Command): void => {
    outcome.clear();
    setReason('');
    setAsked(command);
  };
  const answered = (isYes: boolean): void => {
    setAsked(undefined);
    if (!isYes || !asked) return;
    outcome.follow(run(asked, meant, reason.trim()));
  };
  return (
    <>
      {outcome.told}
      {COMMANDS.filter((command) => may(CALLS[command], who) && targets.some((target) => applies(command, target))).map((command) => (
        <button
          key={command}
          type="button"
          class={command === 'cancel' ? 'bad' : ''}
          disabled={outcome.isBusy}
          onClick={() => ask(command)}
        >
          {TITLES[command]}
        </button>
      ))}
      {asked ? (
        <Ask
          title={meant.length === 1 ? `${TITLES[asked]} this evaluation?` : `${TITLES[asked]} ${meant.length} evaluations?`}
          action={asked === 'cancel' ? 'Cancel it' : TITLES[asked]}
          tone={asked === 'cancel' ? 'bad' : undefined}
          onAnswer={answered}
        >
          <p>{consequences(asked, meant)}</p>
          <label>
            Reason
            <input
              value={reason}
              maxLength={1000}
              placeholder="kept with the command"
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
        </Ask>
      ) : null}
    </>
  );
}
