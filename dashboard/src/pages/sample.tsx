/** One sample: what was asked, what came back, how it was scored, and what it took. Texts of models are text here, never anything else. */
import type { ComponentChildren } from 'preact';
import type { ContentPart, Evaluation, Sample } from '../../../shared/client/types.ts';
import type { UnitState } from '../../../shared/domain/states.ts';
import { api } from '../api.ts';
import { Facts, Failed, Head, Id, Loading, Panel } from '../kit/parts.tsx';
import { State } from '../kit/state.tsx';
import { Way } from '../kit/way.tsx';
import { useLoaded } from '../live.ts';
import { count, duration, fixed, moment, plural } from '../words.ts';
import { logsOf } from './logs-part.tsx';
import { SampleSteps } from './sample-steps.tsx';
import { TimingPart } from './timing-part.tsx';

const OPEN: readonly UnitState[] = ['pending', 'generated'];
const OPEN_EVERY_MS = 5_000;

/** `query`: the filters of the list that one comes from. */
export function SamplePage({ evaluationId, unit, query }: { evaluationId: string; unit: number; query: URLSearchParams }) {
  const whole = `/evaluations/${encodeURIComponent(evaluationId)}`;
  const path = `${whole}/samples/${unit}`;
  const { data, error, reload } = useLoaded(
    path,
    (signal) => api.get<Sample>(path, {}, signal),
    // One that is open goes on.
    (last) => (last && OPEN.includes(last.result.state) ? OPEN_EVERY_MS : 0),
  );
  const evaluation = useLoaded(whole, (signal) => api.get<Evaluation>(whole, {}, signal));
  const total = evaluation.data?.counts.total;
  const base = `/evaluations/${evaluationId}/samples`;
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const result = data?.result;
  return (
    <>
      <Head
        title={result?.sampleId || `Unit ${unit}`}
        isEarly={!data && !error}
        sub={
          <>
            {result ? <State state={result.state} /> : null}
            <a href={base + search}>Samples</a>
            {result ? (
              <span>
                {[result.benchmark, result.model, result.epoch > 1 ? `epoch ${result.epoch}` : ''].filter((t) => t !== '').join(' · ')}
              </span>
            ) : null}
            <span>unit {unit}</span>
            <a href={logsOf(evaluationId, { unit })}>Log</a>
          </>
        }
        actions={<SampleSteps evaluationId={evaluationId} unit={unit} query={query} total={total} />}
      />
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? <Shown sample={data} evaluationId={evaluationId} /> : null}
    </>
  );
}

function Shown({ sample, evaluationId }: { sample: Sample; evaluationId: string }) {
  const { result, messages, target, choices, metadata, truncated, whereabouts } = sample;
  return (
    <div class="columns is-sample">
      <div>
        {whereabouts === '' ? null : <p class="why-state">{whereabouts}</p>}
        {result.errorClass === '' ? null : (
          <p class="problem">
            <b>{result.errorClass}</b> {result.errorMessage}
          </p>
        )}
        {messages.map(({ role, parts }, i) => (
          <Turn key={i} role={role}>
            {parts.map((part, j) => (
              <Part key={j} part={part} />
            ))}
          </Turn>
        ))}
        {result.reasoning === '' ? null : (
          <Turn role="reasoning">
            <p class="text">{result.reasoning}</p>
          </Turn>
        )}
        {/* Whoever says why it stopped has answered. */}
        {result.completion === '' && result.stopReason === '' ? null : (
          <Turn role="completion" isMain>
            <Text text={result.completion} />
          </Turn>
        )}
        <TimingPart sample={sample} evaluationId={evaluationId} />
        {truncated.length > 0 ? <p class="help">Cut, being long: {truncated.join(', ')}. `assay results` has them whole.</p> : null}
      </div>
      <div>
        <Panel title="Scores">
          {result.scores.length === 0 ? <p class="help">None.</p> : null}
          {result.scores.map(({ scorer, value, number, answer, explanation, error }, i) => (
            <div key={i} class="scored">
              <p>
                <b class="value">{error === '' ? value || '–' : '!'}</b> {scorer}
                {number !== null && String(number) !== value ? <span class="faint"> {fixed(number)}</span> : null}
              </p>
              {answer === '' ? null : <p class="text small">answer: {answer}</p>}
              {explanation === '' ? null : <p class="text small">{explanation}</p>}
              {error === '' ? null : <p class="problem small">{error}</p>}
            </div>
          ))}
        </Panel>
        {target.length > 0 ? (
          <Panel title="Target">
            {target.map((text, i) => (
              <Text key={i} text={text} />
            ))}
          </Panel>
        ) : null}
        {choices.length > 0 ? (
          <Panel title="Choices">
            <ol class="choices" type="A">
              {choices.map((text, i) => (
                <li key={i}>
                  <Text text={text} />
                </li>
              ))}
            </ol>
          </Panel>
        ) : null}
        <Panel title="Facts">
          <Facts
            rows={[
              [
                'Tokens',
                `${count(result.usage.inputTokens)} in, ${count(result.usage.outputTokens)} out${result.usage.reasoningTokens > 0 ? `, ${count(result.usage.reasoningTokens)} of them reasoning` : ''}`,
              ],
              ['Calls', `${plural(result.usage.calls, 'call')}, ${plural(result.usage.retries, 'retry').replace('retrys', 'retries')}`],
              ['Stopped by', result.stopReason],
              ['Limit', sample.limit],
              ['Started', sample.startedAtMs > 0 ? moment(sample.startedAtMs) : ''],
              ['Took', result.totalMs > 0 ? duration(result.totalMs) : ''],
              ['In the model', result.modelMs > 0 ? duration(result.modelMs) : ''],
              [
                'Agent',
                result.agentId === '' ? (
                  ''
                ) : (
                  <Way key="agent" href={`/agents/${encodeURIComponent(result.agentId)}`}>
                    {result.agentId}
                  </Way>
                ),
              ],
              ['Answered by', result.provenance?.model ?? ''],
              ['From the cache', result.provenance?.cached ? 'yes' : ''],
              ['Trace', sample.traceId === '' ? '' : <Id key="trace" id={sample.traceId} />],
              ['Metadata', Object.keys(metadata).length > 0 ? <pre class="text small">{JSON.stringify(metadata, null, 2)}</pre> : ''],
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}

const Turn = ({ role, isMain = false, children }: { role: string; isMain?: boolean; children: ComponentChildren }) => (
  <section class={isMain ? 'turn is-main' : 'turn'} aria-label={role}>
    <h2>{role}</h2>
    {children}
  </section>
);

/** One that has nothing to be seen says so. */
const Text = ({ text }: { text: string }) =>
  text.trim() === '' ? (
    <p class="text faint">{text === '' ? 'empty' : `nothing but white space: ${JSON.stringify(text)}`}</p>
  ) : (
    <p class="text">{text}</p>
  );

/** Images and sounds are named, not shown: what is loaded from elsewhere would tell that somebody looks. */
const Part = ({ part: { kind, value } }: { part: ContentPart }) =>
  kind === 'text' ? (
    <Text text={value} />
  ) : (
    <p class="text faint">
      {kind}: {value.length > 200 ? `${value.slice(0, 200)}… (${count(value.length)} characters)` : value}
    </p>
  );
