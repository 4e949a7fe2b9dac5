/** What an agent tells whoever asks: by plain HTTP, on this machine unless its operator says otherwise. */
import { createServer, type Server } from 'node:http';
import { AppError } from '../shared/domain/errors.ts';
import { isLoopbackHost, isLoopbackName } from '../shared/runtime/redis-url.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';

/** /metrics for Prometheus, /healthz for whoever asks whether the process lives. */
export async function serveMetrics({ host, port }: { host: string; port: number }, metrics: Pick<Metrics, 'handler'>): Promise<Server> {
  const isLocal = isLoopbackName(host);
  const server = createServer((request, response) => {
    // A page of another site may have its own name stand for this machine.
    if (isLocal && !isLoopbackHost(request.headers.host)) {
      response.statusCode = 403;
      return response.end('ask for this agent as localhost or 127.0.0.1\n');
    }
    if (request.url === '/metrics') return metrics.handler(request, response);
    response.statusCode = request.url === '/healthz' ? 200 : 404;
    response.end(request.url === '/healthz' ? 'ok\n' : 'not found\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AppError('failed_precondition', `http: cannot listen on ${host}:${port} (${error.code}); name a free port`)),
    );
    server.listen(port, host, resolve);
  });
  return server;
}
