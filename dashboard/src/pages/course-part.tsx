/** How an evaluation went over time: charts, and the timeline of its tasks. */
import { useMemo } from 'preact/hooks';
import type { Course } from '../../../shared/client/course.ts';
import type { Evaluation } from '../../../shared/client/types.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { api } from '../api.ts';
import { errorsOf, latencyOf, scoresOf, throughputOf, tokensOf, workOf } from '../course.ts';
import { Chart } from '../kit/chart.tsx';
import { Empty, Failed, Loading } from '../kit/parts.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Timeline } from '../kit/timeline.tsx';
import { useLoaded } from '../live.ts';
import { count, duration, fixed } from '../words.ts';

const ATTEMPTS = 300;
const LEAST_MS = 2_000;
const MOST_MS = 30_000;

export function CoursePart({ evaluation }: { evaluation: Evaluation }) {
  const path = `/evaluations/${encodeURIComponent(evaluation.evaluationId)}/course`;
  const isLive = !isFinal(evaluation.state);
  const loaded = useLoaded(
    path,
    (signal) => api.get<Course>(path, { attempts: ATTEMPTS }, signal),
    // As wide as a span is, so often there is something new.
    isLive ? (last) => Math.min(MOST_MS, Math.max(LEAST_MS, last?.widthMs ?? 0)) : 0,
  );
  const { data, error, reload } = loaded;
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading rows={8} />;
  return (
    <>
      <LoadTrouble loaded={loaded} />
      <Charts course={data} isLive={isLive} untilMs={isLive || evaluation.finishedAtMs === 0 ? data.timeMs : evaluation.finishedAtMs} />
    </>
  );
}

const small = (value: number): string => (value === 0 || value >= 100 ? count(value) : String(Number(value.toPrecision(2))));
const seconds = (value: number): string => (value === 0 ? '0' : duration(value * 1000));

function Charts({ course, isLive, untilMs }: { course: Course; isLive: boolean; untilMs: number }) {
  const plots = useMemo(
    () => ({
      throughput: throughputOf(course, untilMs),
      tokens: tokensOf(course, untilMs),
      latency: latencyOf(course, untilMs),
      errors: errorsOf(course, untilMs),
      scores: scoresOf(course, untilMs),
      work: workOf(course, untilMs),
    }),
    [course, untilMs],
  );
  if (course.spans === 0 && course.attempts.length === 0)
    return isLive ? (
      <Empty title="Nothing was counted yet.">
        <p>Charts begin with the first sample.</p>
      </Empty>
    ) : (
      <Empty title="Nothing is kept of how it went." />
    );
  const none = isLive ? 'Nothing so far.' : 'None.';
  return (
    <>
      <div class="charts">
        <Chart title="Throughput" unit="samples a second" plot={plots.throughput} format={small} empty={none} />
        <Chart
          title="Scores"
          unit="with the 95 % interval, as it narrows"
          plot={plots.scores}
          format={fixed}
          fromZero={false}
          empty={none}
        />
        <Chart title="Latency" unit="of calls, half and 95 in 100 are faster" plot={plots.latency} format={seconds} empty={none} />
        <Chart title="Tokens" unit="a second, all models" plot={plots.tokens} format={small} empty={none} />
        <Chart title="Errors" unit="samples a minute, by class" plot={plots.errors} format={small} isStacked family="error" empty={none} />
        <Chart title="At work" unit="at the end of each span" plot={plots.work} format={small} empty={none} />
      </div>
      {course.scoresLeftOut > 0 ? (
        <p class="help">{count(course.scoresLeftOut)} more scores have no line; all stand under Scores.</p>
      ) : null}
      <Timeline course={course} isLive={isLive} untilMs={untilMs} />
    </>
  );
}
