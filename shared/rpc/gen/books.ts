import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Books as _assay_v1_Books, Books__Output as _assay_v1_Books__Output } from './assay/v1/Books.ts';
import type { BooksDifference as _assay_v1_BooksDifference, BooksDifference__Output as _assay_v1_BooksDifference__Output } from './assay/v1/BooksDifference.ts';
import type { ChatMessage as _assay_v1_ChatMessage, ChatMessage__Output as _assay_v1_ChatMessage__Output } from './assay/v1/ChatMessage.ts';
import type { ContentPart as _assay_v1_ContentPart, ContentPart__Output as _assay_v1_ContentPart__Output } from './assay/v1/ContentPart.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from './assay/v1/Cost.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from './assay/v1/Counts.ts';
import type { DeadAttempt as _assay_v1_DeadAttempt, DeadAttempt__Output as _assay_v1_DeadAttempt__Output } from './assay/v1/DeadAttempt.ts';
import type { DeadLetter as _assay_v1_DeadLetter, DeadLetter__Output as _assay_v1_DeadLetter__Output } from './assay/v1/DeadLetter.ts';
import type { DeadLetterFilter as _assay_v1_DeadLetterFilter, DeadLetterFilter__Output as _assay_v1_DeadLetterFilter__Output } from './assay/v1/DeadLetterFilter.ts';
import type { DeadLettersOutcome as _assay_v1_DeadLettersOutcome, DeadLettersOutcome__Output as _assay_v1_DeadLettersOutcome__Output } from './assay/v1/DeadLettersOutcome.ts';
import type { DropDeadLettersRequest as _assay_v1_DropDeadLettersRequest, DropDeadLettersRequest__Output as _assay_v1_DropDeadLettersRequest__Output } from './assay/v1/DropDeadLettersRequest.ts';
import type { DropDeadLettersResponse as _assay_v1_DropDeadLettersResponse, DropDeadLettersResponse__Output as _assay_v1_DropDeadLettersResponse__Output } from './assay/v1/DropDeadLettersResponse.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from './assay/v1/Durability.ts';
import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from './assay/v1/EvaluationFilter.ts';
import type { FrameBooks as _assay_v1_FrameBooks, FrameBooks__Output as _assay_v1_FrameBooks__Output } from './assay/v1/FrameBooks.ts';
import type { GetDeadLetterRequest as _assay_v1_GetDeadLetterRequest, GetDeadLetterRequest__Output as _assay_v1_GetDeadLetterRequest__Output } from './assay/v1/GetDeadLetterRequest.ts';
import type { GetDeadLetterResponse as _assay_v1_GetDeadLetterResponse, GetDeadLetterResponse__Output as _assay_v1_GetDeadLetterResponse__Output } from './assay/v1/GetDeadLetterResponse.ts';
import type { GroupBooks as _assay_v1_GroupBooks, GroupBooks__Output as _assay_v1_GroupBooks__Output } from './assay/v1/GroupBooks.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from './assay/v1/GroupProgress.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from './assay/v1/JudgeOf.ts';
import type { ListDeadLettersRequest as _assay_v1_ListDeadLettersRequest, ListDeadLettersRequest__Output as _assay_v1_ListDeadLettersRequest__Output } from './assay/v1/ListDeadLettersRequest.ts';
import type { ListDeadLettersResponse as _assay_v1_ListDeadLettersResponse, ListDeadLettersResponse__Output as _assay_v1_ListDeadLettersResponse__Output } from './assay/v1/ListDeadLettersResponse.ts';
import type { ModelCost as _assay_v1_ModelCost, ModelCost__Output as _assay_v1_ModelCost__Output } from './assay/v1/ModelCost.ts';
import type { Provenance as _assay_v1_Provenance, Provenance__Output as _assay_v1_Provenance__Output } from './assay/v1/Provenance.ts';
import type { RecoverEvaluationRequest as _assay_v1_RecoverEvaluationRequest, RecoverEvaluationRequest__Output as _assay_v1_RecoverEvaluationRequest__Output } from './assay/v1/RecoverEvaluationRequest.ts';
import type { RecoverEvaluationResponse as _assay_v1_RecoverEvaluationResponse, RecoverEvaluationResponse__Output as _assay_v1_RecoverEvaluationResponse__Output } from './assay/v1/RecoverEvaluationResponse.ts';
import type { ReplayDeadLettersRequest as _assay_v1_ReplayDeadLettersRequest, ReplayDeadLettersRequest__Output as _assay_v1_ReplayDeadLettersRequest__Output } from './assay/v1/ReplayDeadLettersRequest.ts';
import type { ReplayDeadLettersResponse as _assay_v1_ReplayDeadLettersResponse, ReplayDeadLettersResponse__Output as _assay_v1_ReplayDeadLettersResponse__Output } from './assay/v1/ReplayDeadLettersResponse.ts';
import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from './assay/v1/SampleFilter.ts';
import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from './assay/v1/SampleLimits.ts';
import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from './assay/v1/SampleResult.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from './assay/v1/SampleScore.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from './assay/v1/ScorerSums.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from './assay/v1/Usage.ts';
import type { VerifyEvaluationRequest as _assay_v1_VerifyEvaluationRequest, VerifyEvaluationRequest__Output as _assay_v1_VerifyEvaluationRequest__Output } from './assay/v1/VerifyEvaluationRequest.ts';
import type { VerifyEvaluationResponse as _assay_v1_VerifyEvaluationResponse, VerifyEvaluationResponse__Output as _assay_v1_VerifyEvaluationResponse__Output } from './assay/v1/VerifyEvaluationResponse.ts';
import type { VerifyProgress as _assay_v1_VerifyProgress, VerifyProgress__Output as _assay_v1_VerifyProgress__Output } from './assay/v1/VerifyProgress.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      Books: MessageTypeDefinition<_assay_v1_Books, _assay_v1_Books__Output>
      BooksDifference: MessageTypeDefinition<_assay_v1_BooksDifference, _assay_v1_BooksDifference__Output>
      ChatMessage: MessageTypeDefinition<_assay_v1_ChatMessage, _assay_v1_ChatMessage__Output>
      ContentPart: MessageTypeDefinition<_assay_v1_ContentPart, _assay_v1_ContentPart__Output>
      Cost: MessageTypeDefinition<_assay_v1_Cost, _assay_v1_Cost__Output>
      Counts: MessageTypeDefinition<_assay_v1_Counts, _assay_v1_Counts__Output>
      DeadAttempt: MessageTypeDefinition<_assay_v1_DeadAttempt, _assay_v1_DeadAttempt__Output>
      DeadLetter: MessageTypeDefinition<_assay_v1_DeadLetter, _assay_v1_DeadLetter__Output>
      DeadLetterFilter: MessageTypeDefinition<_assay_v1_DeadLetterFilter, _assay_v1_DeadLetterFilter__Output>
      DeadLettersOutcome: MessageTypeDefinition<_assay_v1_DeadLettersOutcome, _assay_v1_DeadLettersOutcome__Output>
      DropDeadLettersRequest: MessageTypeDefinition<_assay_v1_DropDeadLettersRequest, _assay_v1_DropDeadLettersRequest__Output>
      DropDeadLettersResponse: MessageTypeDefinition<_assay_v1_DropDeadLettersResponse, _assay_v1_DropDeadLettersResponse__Output>
      Durability: MessageTypeDefinition<_assay_v1_Durability, _assay_v1_Durability__Output>
      DurabilityClass: EnumTypeDefinition
      EvaluationFilter: MessageTypeDefinition<_assay_v1_EvaluationFilter, _assay_v1_EvaluationFilter__Output>
      EvaluationState: EnumTypeDefinition
      FrameBooks: MessageTypeDefinition<_assay_v1_FrameBooks, _assay_v1_FrameBooks__Output>
      GetDeadLetterRequest: MessageTypeDefinition<_assay_v1_GetDeadLetterRequest, _assay_v1_GetDeadLetterRequest__Output>
      GetDeadLetterResponse: MessageTypeDefinition<_assay_v1_GetDeadLetterResponse, _assay_v1_GetDeadLetterResponse__Output>
      GroupBooks: MessageTypeDefinition<_assay_v1_GroupBooks, _assay_v1_GroupBooks__Output>
      GroupProgress: MessageTypeDefinition<_assay_v1_GroupProgress, _assay_v1_GroupProgress__Output>
      JudgeOf: MessageTypeDefinition<_assay_v1_JudgeOf, _assay_v1_JudgeOf__Output>
      ListDeadLettersRequest: MessageTypeDefinition<_assay_v1_ListDeadLettersRequest, _assay_v1_ListDeadLettersRequest__Output>
      ListDeadLettersResponse: MessageTypeDefinition<_assay_v1_ListDeadLettersResponse, _assay_v1_ListDeadLettersResponse__Output>
      ModelCost: MessageTypeDefinition<_assay_v1_ModelCost, _assay_v1_ModelCost__Output>
      Provenance: MessageTypeDefinition<_assay_v1_Provenance, _assay_v1_Provenance__Output>
      RecoverEvaluationRequest: MessageTypeDefinition<_assay_v1_RecoverEvaluationRequest, _assay_v1_RecoverEvaluationRequest__Output>
      RecoverEvaluationResponse: MessageTypeDefinition<_assay_v1_RecoverEvaluationResponse, _assay_v1_RecoverEvaluationResponse__Output>
      ReplayDeadLettersRequest: MessageTypeDefinition<_assay_v1_ReplayDeadLettersRequest, _assay_v1_ReplayDeadLettersRequest__Output>
      ReplayDeadLettersResponse: MessageTypeDefinition<_assay_v1_ReplayDeadLettersResponse, _assay_v1_ReplayDeadLettersResponse__Output>
      SampleFilter: MessageTypeDefinition<_assay_v1_SampleFilter, _assay_v1_SampleFilter__Output>
      SampleLimits: MessageTypeDefinition<_assay_v1_SampleLimits, _assay_v1_SampleLimits__Output>
      SampleResult: MessageTypeDefinition<_assay_v1_SampleResult, _assay_v1_SampleResult__Output>
      SampleScore: MessageTypeDefinition<_assay_v1_SampleScore, _assay_v1_SampleScore__Output>
      SampleStage: EnumTypeDefinition
      ScorerSums: MessageTypeDefinition<_assay_v1_ScorerSums, _assay_v1_ScorerSums__Output>
      UnitState: EnumTypeDefinition
      Usage: MessageTypeDefinition<_assay_v1_Usage, _assay_v1_Usage__Output>
      VerifyEvaluationRequest: MessageTypeDefinition<_assay_v1_VerifyEvaluationRequest, _assay_v1_VerifyEvaluationRequest__Output>
      VerifyEvaluationResponse: MessageTypeDefinition<_assay_v1_VerifyEvaluationResponse, _assay_v1_VerifyEvaluationResponse__Output>
      VerifyProgress: MessageTypeDefinition<_assay_v1_VerifyProgress, _assay_v1_VerifyProgress__Output>
    }
  }
}

