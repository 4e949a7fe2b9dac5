import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ChatMessage as _assay_v1_ChatMessage, ChatMessage__Output as _assay_v1_ChatMessage__Output } from './assay/v1/ChatMessage.ts';
import type { ContentPart as _assay_v1_ContentPart, ContentPart__Output as _assay_v1_ContentPart__Output } from './assay/v1/ContentPart.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from './assay/v1/Cost.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from './assay/v1/Counts.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from './assay/v1/Durability.ts';
import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from './assay/v1/EvaluationFilter.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from './assay/v1/GroupProgress.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from './assay/v1/JudgeOf.ts';
import type { ModelCost as _assay_v1_ModelCost, ModelCost__Output as _assay_v1_ModelCost__Output } from './assay/v1/ModelCost.ts';
import type { Provenance as _assay_v1_Provenance, Provenance__Output as _assay_v1_Provenance__Output } from './assay/v1/Provenance.ts';
import type { Reason as _assay_v1_Reason, Reason__Output as _assay_v1_Reason__Output } from './assay/v1/Reason.ts';
import type { ReasonAgent as _assay_v1_ReasonAgent, ReasonAgent__Output as _assay_v1_ReasonAgent__Output } from './assay/v1/ReasonAgent.ts';
import type { ReasonPeriod as _assay_v1_ReasonPeriod, ReasonPeriod__Output as _assay_v1_ReasonPeriod__Output } from './assay/v1/ReasonPeriod.ts';
import type { ReasonTotal as _assay_v1_ReasonTotal, ReasonTotal__Output as _assay_v1_ReasonTotal__Output } from './assay/v1/ReasonTotal.ts';
import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from './assay/v1/SampleFilter.ts';
import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from './assay/v1/SampleLimits.ts';
import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from './assay/v1/SampleResult.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from './assay/v1/SampleScore.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from './assay/v1/ScorerSums.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from './assay/v1/Usage.ts';
import type { WhyHistory as _assay_v1_WhyHistory, WhyHistory__Output as _assay_v1_WhyHistory__Output } from './assay/v1/WhyHistory.ts';
import type { WhyPendingRequest as _assay_v1_WhyPendingRequest, WhyPendingRequest__Output as _assay_v1_WhyPendingRequest__Output } from './assay/v1/WhyPendingRequest.ts';
import type { WhyPendingResponse as _assay_v1_WhyPendingResponse, WhyPendingResponse__Output as _assay_v1_WhyPendingResponse__Output } from './assay/v1/WhyPendingResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      ChatMessage: MessageTypeDefinition<_assay_v1_ChatMessage, _assay_v1_ChatMessage__Output>
      ContentPart: MessageTypeDefinition<_assay_v1_ContentPart, _assay_v1_ContentPart__Output>
      Cost: MessageTypeDefinition<_assay_v1_Cost, _assay_v1_Cost__Output>
      Counts: MessageTypeDefinition<_assay_v1_Counts, _assay_v1_Counts__Output>
      Durability: MessageTypeDefinition<_assay_v1_Durability, _assay_v1_Durability__Output>
      DurabilityClass: EnumTypeDefinition
      EvaluationFilter: MessageTypeDefinition<_assay_v1_EvaluationFilter, _assay_v1_EvaluationFilter__Output>
      EvaluationState: EnumTypeDefinition
      GroupProgress: MessageTypeDefinition<_assay_v1_GroupProgress, _assay_v1_GroupProgress__Output>
      JudgeOf: MessageTypeDefinition<_assay_v1_JudgeOf, _assay_v1_JudgeOf__Output>
      ModelCost: MessageTypeDefinition<_assay_v1_ModelCost, _assay_v1_ModelCost__Output>
      Provenance: MessageTypeDefinition<_assay_v1_Provenance, _assay_v1_Provenance__Output>
      Reason: MessageTypeDefinition<_assay_v1_Reason, _assay_v1_Reason__Output>
      ReasonAgent: MessageTypeDefinition<_assay_v1_ReasonAgent, _assay_v1_ReasonAgent__Output>
      ReasonEffect: EnumTypeDefinition
      ReasonPeriod: MessageTypeDefinition<_assay_v1_ReasonPeriod, _assay_v1_ReasonPeriod__Output>
      ReasonTotal: MessageTypeDefinition<_assay_v1_ReasonTotal, _assay_v1_ReasonTotal__Output>
      SampleFilter: MessageTypeDefinition<_assay_v1_SampleFilter, _assay_v1_SampleFilter__Output>
      SampleLimits: MessageTypeDefinition<_assay_v1_SampleLimits, _assay_v1_SampleLimits__Output>
      SampleResult: MessageTypeDefinition<_assay_v1_SampleResult, _assay_v1_SampleResult__Output>
      SampleScore: MessageTypeDefinition<_assay_v1_SampleScore, _assay_v1_SampleScore__Output>
      SampleStage: EnumTypeDefinition
      ScorerSums: MessageTypeDefinition<_assay_v1_ScorerSums, _assay_v1_ScorerSums__Output>
      UnitState: EnumTypeDefinition
      Usage: MessageTypeDefinition<_assay_v1_Usage, _assay_v1_Usage__Output>
      WhyHistory: MessageTypeDefinition<_assay_v1_WhyHistory, _assay_v1_WhyHistory__Output>
      WhyPendingRequest: MessageTypeDefinition<_assay_v1_WhyPendingRequest, _assay_v1_WhyPendingRequest__Output>
      WhyPendingResponse: MessageTypeDefinition<_assay_v1_WhyPendingResponse, _assay_v1_WhyPendingResponse__Output>
    }
  }
}

