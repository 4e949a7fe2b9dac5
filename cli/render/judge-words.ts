/** Whose calls: a model's own, or a judge's about its answers. Pure. */
import type { JudgeOf, ReportStage } from '../../shared/client/types.ts';

/** `openai/gpt-x`; of a judge `openai/gpt-x judged by openai/judge`. */
export const modelInWords = ({ model, judgeOf }: { model: string; judgeOf?: JudgeOf }): string =>
  judgeOf ? `${judgeOf.model} judged by ${model}` : model;

/** Stages at which models judged. */
export const judgingStages = (stages: readonly ReportStage[] = []): ReportStage[] => stages.filter(({ judge }) => judge !== undefined);
