import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Accept as _assay_v1_Accept, Accept__Output as _assay_v1_Accept__Output } from './assay/v1/Accept.ts';
import type { AgentServiceClient as _assay_v1_AgentServiceClient, AgentServiceDefinition as _assay_v1_AgentServiceDefinition } from './assay/v1/AgentService.ts';
import type { Assign as _assay_v1_Assign, Assign__Output as _assay_v1_Assign__Output } from './assay/v1/Assign.ts';
import type { AssignedSample as _assay_v1_AssignedSample, AssignedSample__Output as _assay_v1_AssignedSample__Output } from './assay/v1/AssignedSample.ts';
import type { Assignment as _assay_v1_Assignment, Assignment__Output as _assay_v1_Assignment__Output } from './assay/v1/Assignment.ts';
import type { AttemptAck as _assay_v1_AttemptAck, AttemptAck__Output as _assay_v1_AttemptAck__Output } from './assay/v1/AttemptAck.ts';
import type { AttemptReport as _assay_v1_AttemptReport, AttemptReport__Output as _assay_v1_AttemptReport__Output } from './assay/v1/AttemptReport.ts';
import type { Challenge as _assay_v1_Challenge, Challenge__Output as _assay_v1_Challenge__Output } from './assay/v1/Challenge.ts';
import type { ConnectRequest as _assay_v1_ConnectRequest, ConnectRequest__Output as _assay_v1_ConnectRequest__Output } from './assay/v1/ConnectRequest.ts';
import type { ConnectResponse as _assay_v1_ConnectResponse, ConnectResponse__Output as _assay_v1_ConnectResponse__Output } from './assay/v1/ConnectResponse.ts';
import type { Credit as _assay_v1_Credit, Credit__Output as _assay_v1_Credit__Output } from './assay/v1/Credit.ts';
import type { Drain as _assay_v1_Drain, Drain__Output as _assay_v1_Drain__Output } from './assay/v1/Drain.ts';
import type { Fragment as _assay_v1_Fragment, Fragment__Output as _assay_v1_Fragment__Output } from './assay/v1/Fragment.ts';
import type { HandBack as _assay_v1_HandBack, HandBack__Output as _assay_v1_HandBack__Output } from './assay/v1/HandBack.ts';
import type { Heartbeat as _assay_v1_Heartbeat, Heartbeat__Output as _assay_v1_Heartbeat__Output } from './assay/v1/Heartbeat.ts';
import type { HeartbeatAck as _assay_v1_HeartbeatAck, HeartbeatAck__Output as _assay_v1_HeartbeatAck__Output } from './assay/v1/HeartbeatAck.ts';
import type { Hello as _assay_v1_Hello, Hello__Output as _assay_v1_Hello__Output } from './assay/v1/Hello.ts';
import type { KeyRotated as _assay_v1_KeyRotated, KeyRotated__Output as _assay_v1_KeyRotated__Output } from './assay/v1/KeyRotated.ts';
import type { Line as _assay_v1_Line, Line__Output as _assay_v1_Line__Output } from './assay/v1/Line.ts';
import type { Lines as _assay_v1_Lines, Lines__Output as _assay_v1_Lines__Output } from './assay/v1/Lines.ts';
import type { ModelOffer as _assay_v1_ModelOffer, ModelOffer__Output as _assay_v1_ModelOffer__Output } from './assay/v1/ModelOffer.ts';
import type { ModelStatus as _assay_v1_ModelStatus, ModelStatus__Output as _assay_v1_ModelStatus__Output } from './assay/v1/ModelStatus.ts';
import type { PreviousLife as _assay_v1_PreviousLife, PreviousLife__Output as _assay_v1_PreviousLife__Output } from './assay/v1/PreviousLife.ts';
import type { Proof as _assay_v1_Proof, Proof__Output as _assay_v1_Proof__Output } from './assay/v1/Proof.ts';
import type { Report as _assay_v1_Report, Report__Output as _assay_v1_Report__Output } from './assay/v1/Report.ts';
import type { ReportAck as _assay_v1_ReportAck, ReportAck__Output as _assay_v1_ReportAck__Output } from './assay/v1/ReportAck.ts';
import type { ReportedResult as _assay_v1_ReportedResult, ReportedResult__Output as _assay_v1_ReportedResult__Output } from './assay/v1/ReportedResult.ts';
import type { Revoke as _assay_v1_Revoke, Revoke__Output as _assay_v1_Revoke__Output } from './assay/v1/Revoke.ts';
import type { RotateKey as _assay_v1_RotateKey, RotateKey__Output as _assay_v1_RotateKey__Output } from './assay/v1/RotateKey.ts';
import type { RunningSample as _assay_v1_RunningSample, RunningSample__Output as _assay_v1_RunningSample__Output } from './assay/v1/RunningSample.ts';
import type { Spare as _assay_v1_Spare, Spare__Output as _assay_v1_Spare__Output } from './assay/v1/Spare.ts';
import type { Spared as _assay_v1_Spared, Spared__Output as _assay_v1_Spared__Output } from './assay/v1/Spared.ts';
import type { Welcome as _assay_v1_Welcome, Welcome__Output as _assay_v1_Welcome__Output } from './assay/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      Accept: MessageTypeDefinition<_assay_v1_Accept, _assay_v1_Accept__Output>
      /**
       * For agents. Clients of evaluations do not call it.
       */
      AgentService: SubtypeConstructor<typeof grpc.Client, _assay_v1_AgentServiceClient> & { service: _assay_v1_AgentServiceDefinition }
      Assign: MessageTypeDefinition<_assay_v1_Assign, _assay_v1_Assign__Output>
      AssignedSample: MessageTypeDefinition<_assay_v1_AssignedSample, _assay_v1_AssignedSample__Output>
      Assignment: MessageTypeDefinition<_assay_v1_Assignment, _assay_v1_Assignment__Output>
      AttemptAck: MessageTypeDefinition<_assay_v1_AttemptAck, _assay_v1_AttemptAck__Output>
      AttemptReport: MessageTypeDefinition<_assay_v1_AttemptReport, _assay_v1_AttemptReport__Output>
      Challenge: MessageTypeDefinition<_assay_v1_Challenge, _assay_v1_Challenge__Output>
      ConnectRequest: MessageTypeDefinition<_assay_v1_ConnectRequest, _assay_v1_ConnectRequest__Output>
      ConnectResponse: MessageTypeDefinition<_assay_v1_ConnectResponse, _assay_v1_ConnectResponse__Output>
      Credit: MessageTypeDefinition<_assay_v1_Credit, _assay_v1_Credit__Output>
      Drain: MessageTypeDefinition<_assay_v1_Drain, _assay_v1_Drain__Output>
      Fragment: MessageTypeDefinition<_assay_v1_Fragment, _assay_v1_Fragment__Output>
      HandBack: MessageTypeDefinition<_assay_v1_HandBack, _assay_v1_HandBack__Output>
      Heartbeat: MessageTypeDefinition<_assay_v1_Heartbeat, _assay_v1_Heartbeat__Output>
      HeartbeatAck: MessageTypeDefinition<_assay_v1_HeartbeatAck, _assay_v1_HeartbeatAck__Output>
      Hello: MessageTypeDefinition<_assay_v1_Hello, _assay_v1_Hello__Output>
      KeyRotated: MessageTypeDefinition<_assay_v1_KeyRotated, _assay_v1_KeyRotated__Output>
      Line: MessageTypeDefinition<_assay_v1_Line, _assay_v1_Line__Output>
      Lines: MessageTypeDefinition<_assay_v1_Lines, _assay_v1_Lines__Output>
      ModelOffer: MessageTypeDefinition<_assay_v1_ModelOffer, _assay_v1_ModelOffer__Output>
      ModelStatus: MessageTypeDefinition<_assay_v1_ModelStatus, _assay_v1_ModelStatus__Output>
      PreviousLife: MessageTypeDefinition<_assay_v1_PreviousLife, _assay_v1_PreviousLife__Output>
      Proof: MessageTypeDefinition<_assay_v1_Proof, _assay_v1_Proof__Output>
      Report: MessageTypeDefinition<_assay_v1_Report, _assay_v1_Report__Output>
      ReportAck: MessageTypeDefinition<_assay_v1_ReportAck, _assay_v1_ReportAck__Output>
      ReportedResult: MessageTypeDefinition<_assay_v1_ReportedResult, _assay_v1_ReportedResult__Output>
      Revoke: MessageTypeDefinition<_assay_v1_Revoke, _assay_v1_Revoke__Output>
      RotateKey: MessageTypeDefinition<_assay_v1_RotateKey, _assay_v1_RotateKey__Output>
      RunningSample: MessageTypeDefinition<_assay_v1_RunningSample, _assay_v1_RunningSample__Output>
      Spare: MessageTypeDefinition<_assay_v1_Spare, _assay_v1_Spare__Output>
      Spared: MessageTypeDefinition<_assay_v1_Spared, _assay_v1_Spared__Output>
      Welcome: MessageTypeDefinition<_assay_v1_Welcome, _assay_v1_Welcome__Output>
    }
  }
}

