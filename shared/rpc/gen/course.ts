import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CourseAttempt as _assay_v1_CourseAttempt, CourseAttempt__Output as _assay_v1_CourseAttempt__Output } from './assay/v1/CourseAttempt.ts';
import type { CourseErrors as _assay_v1_CourseErrors, CourseErrors__Output as _assay_v1_CourseErrors__Output } from './assay/v1/CourseErrors.ts';
import type { CourseModel as _assay_v1_CourseModel, CourseModel__Output as _assay_v1_CourseModel__Output } from './assay/v1/CourseModel.ts';
import type { CourseScore as _assay_v1_CourseScore, CourseScore__Output as _assay_v1_CourseScore__Output } from './assay/v1/CourseScore.ts';
import type { GetCourseRequest as _assay_v1_GetCourseRequest, GetCourseRequest__Output as _assay_v1_GetCourseRequest__Output } from './assay/v1/GetCourseRequest.ts';
import type { GetCourseResponse as _assay_v1_GetCourseResponse, GetCourseResponse__Output as _assay_v1_GetCourseResponse__Output } from './assay/v1/GetCourseResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      CourseAttempt: MessageTypeDefinition<_assay_v1_CourseAttempt, _assay_v1_CourseAttempt__Output>
      CourseAttemptState: EnumTypeDefinition
      CourseErrors: MessageTypeDefinition<_assay_v1_CourseErrors, _assay_v1_CourseErrors__Output>
      CourseModel: MessageTypeDefinition<_assay_v1_CourseModel, _assay_v1_CourseModel__Output>
      CourseScore: MessageTypeDefinition<_assay_v1_CourseScore, _assay_v1_CourseScore__Output>
      GetCourseRequest: MessageTypeDefinition<_assay_v1_GetCourseRequest, _assay_v1_GetCourseRequest__Output>
      GetCourseResponse: MessageTypeDefinition<_assay_v1_GetCourseResponse, _assay_v1_GetCourseResponse__Output>
    }
  }
}

