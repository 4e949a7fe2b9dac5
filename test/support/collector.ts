/** A small OTLP/HTTP collector for tests: keeps what is posted to it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: { stringValue?: string; intValue?: string | number; doubleValue?: number; boolValue?: boolean } }[];
  events?: { name: string }[];
  status?: { code?: number; message?: string };
  /** The `service.name` of the process that made it. */
  service: string;
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Requests as they came, in order. */
  readonly requests: { path: string; contentType: string; body: Buffer }[];
  /** All spans that came as http/json. */
  spans(): CollectedSpan[];
  stop(): Promise<void>;
}

interface JsonExport {
  resourceSpans?: {
    resource?: { attributes?: CollectedSpan['attributes'] };
    scopeSpans?: { spans?: Omit<CollectedSpan, 'service'>[] }[];
  }[];
}

export async function startCollector(): Promise<Collector> {
  const requests: Collector['requests'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const contentType = request.headers['content-type'] ?? '';
      requests.push({ path: request.url ?? '', contentType, body });
      response.writeHead(200, { 'content-type': contentType }).end(contentType.includes('json') ? '{}' : '');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () =>
      requests
        .filter((request) => request.contentType.includes('json'))
        .flatMap((request) => spansOf(JSON.parse(request.body.toString()) as JsonExport)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf(message: JsonExport): CollectedSpan[] {
  return (message.resourceSpans ?? []).flatMap((group) => {
    const service = group.resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return (group.scopeSpans ?? []).flatMap((scope) => (scope.spans ?? []).map((span) => ({ ...span, service })));
  });
}
