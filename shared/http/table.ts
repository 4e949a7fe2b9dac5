/** The HTTP API as one table. docs/http-api.md and the OpenAPI document are made of it; the coordinator serves it. */
import { evaluationRoutes } from './evaluation-routes.ts';
import { logRoutes } from './log-routes.ts';
import { identityRoutes, operatorRoutes } from './operator-routes.ts';
import type { Route } from './route.ts';
import { sampleRoutes } from './sample-routes.ts';

/** Below it all rows lie. */
export const API_ROOT = '/api/v1';

export const httpRoutes = (): Route[] => [
  ...evaluationRoutes(),
  ...sampleRoutes(),
  ...logRoutes(),
  ...operatorRoutes(),
  ...identityRoutes(),
];

/** Methods of gRPC without a row, and why. */
export const WITHOUT_ROUTE: Readonly<Record<string, string>> = {
  '/assay.v1.AgentService/Connect': 'agents speak gRPC alone: a stream in both directions',
  '/assay.v1.IdentityService/CreateJoinToken': '`assay agent invite` asks for it, where agents are set up',
  '/assay.v1.IdentityService/Join': 'agents speak gRPC alone',
  '/assay.v1.IdentityService/RevokeAgent': '`assay agent revoke` asks for it, where agents are set up',
  '/grpc.health.v1.Health/Check': '/healthz and /readyz say the same',
  '/grpc.health.v1.Health/Watch': '/healthz and /readyz say the same',
  '/grpc.health.v1.Health/List': '/healthz and /readyz say the same',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': '/api/openapi.json describes this API',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': '/api/openapi.json describes this API',
};
