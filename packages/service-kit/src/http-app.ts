import type { Api, Route } from '@aistock/shared';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Authorise } from './auth.ts';
import { withDeadline } from './deadline.ts';
import { startEventStream } from './event-stream.ts';
import type { Handlers } from './handlers.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { pagePolicy } from './page-policy.ts';
import { sendProblem } from './problem-document.ts';
import { currentTrace, type RequestContext, traceOf, withTrace } from './request-context.ts';
import { ServiceError } from './service-error.ts';
import { parseInput, type RawInput } from './validation.ts';

const BODY_LIMIT = '100kb';
const ROUTE_TIMEOUT_MS_DEFAULT = 10_000;
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** What goes back: JSON, or a text of another type. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** Content type of a body that is text already; JSON unless told. */
  readonly type?: string;
}

/** Answers a request whose input is parsed and whose caller may. */
export type Answer = (input: RawInput, context: RequestContext) => Promise<Reply>;

export interface Endpoint {
  readonly route: Route;
  readonly answer: Answer;
}

export interface HttpAppOptions {
  readonly endpoints: readonly Endpoint[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly authorise: Authorise;
  readonly limitRate: (address: string) => void;
  /** The inline styles that pages may have; see {@link pagePolicy}. */
  readonly pageStyles?: readonly string[];
  /** Aborted when open requests can be waited for no longer. */
  readonly stopping: AbortSignal;
}

/** The express app of a service: every request is traced, measured, limited, authorised, checked, and answered once. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { endpoints, logger, metrics } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', false);
  app.use(traceRequest, measureRequest(metrics), helmet());
  for (const endpoint of endpoints) {
    const method = endpoint.route.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    app[method](endpoint.route.path, ...pipeline(endpoint, options));
  }
  for (const [path, methods] of methodsByPath(endpoints)) app.all(path, refuseMethod(methods));
  app.use((request: Request) => {
    throw new ServiceError(
      'route_unknown',
      404,
      `there is no ${request.path.slice(0, 200)} here; see /openapi.json`,
    );
  });
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    sendProblem(response, error, logger),
  );
  return app;
}

/** The endpoints of a service's own routes. */
export function apiEndpoints<A extends Api>(api: A, handlers: Handlers<A>): Endpoint[] {
  return Object.entries(api).map(([name, route]) => {
    const handler = handlers[name];
    if (!handler) throw new TypeError(`route ${name} has no handler`);
    return {
      route,
      answer: async (input, context) =>
        reply(route, await handler(input as Parameters<typeof handler>[0], context)),
    };
  });
}

/**
 * What the contract says, and only that.
 * @throws ServiceError 500 `contract_broken` for anything else: no caller is to act on an answer of a wrong shape.
 */
export function reply(route: Route, output: unknown, status: number = route.successStatus ?? 200): Reply {
  const parsed = route.response.safeParse(output);
  if (parsed.success)
    return { status, body: parsed.data, ...(route.contentType && { type: route.contentType }) };
  throw new ServiceError(
    'contract_broken',
    500,
    'the answer was not as the contract says and was held back',
    {
      cause: parsed.error,
    },
  );
}

function traceRequest(request: Request, response: Response, next: NextFunction): void {
  const trace = traceOf((name) => request.get(name));
  response.set('x-request-id', trace.requestId);
  response.locals['route'] = 'unknown';
  withTrace(trace, next);
}

function measureRequest(metrics: Metrics) {
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by method, route template and status.',
    labels: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_S,
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const startMs = performance.now();
    response.once('close', () => {
      const labels = [request.method, String(response.locals['route']), String(response.statusCode)] as const;
      duration.labels(...labels).observe((performance.now() - startMs) / 1000);
    });
    next();
  };
}

function pipeline({ route, answer }: Endpoint, options: HttpAppOptions) {
  const { authorise, limitRate, stopping, logger, pageStyles = [] } = options;
  const admit = (request: Request, response: Response, next: NextFunction): void => {
    response.locals['route'] = route.path;
    if (route.roles !== 'public') limitRate(request.socket.remoteAddress ?? 'unknown');
    response.locals['actor'] = authorise(route.roles, request.get('authorization'));
    if (hasBody(request) && !request.is('application/json'))
      throw new ServiceError(
        'unsupported_media_type',
        415,
        'the body must have content-type application/json',
      );
    next();
  };
  const readBody = express.json({ limit: BODY_LIMIT, inflate: false, type: 'application/json' });
  const handle = async (request: Request, response: Response): Promise<void> => {
    const input = parseInput(route, {
      params: { ...request.params },
      query: { ...request.query },
      body: hasBody(request) ? (request.body as unknown) : undefined,
    });
    const trace = currentTrace() ?? traceOf(() => undefined);
    const actor = response.locals['actor'] as RequestContext['actor'];
    const gone = new AbortController();
    response.once('close', () => gone.abort(new ServiceError('caller_gone', 499, 'the caller has gone')));
    const {
      status,
      type,
      body: output,
    } = await withDeadline(route.timeoutMs ?? ROUTE_TIMEOUT_MS_DEFAULT, stopping, (signal) =>
      answer(input, {
        ...trace,
        actor,
        logger,
        signal,
        gone: gone.signal,
        lastEventId: request.get('last-event-id'),
        write: startEventStream(route, response, gone.signal),
      }),
    );
    if (response.headersSent) {
      response.end(output);
      return;
    }
    if (route.contentType) response.set('content-security-policy', pagePolicy(pageStyles));
    if (type) response.status(status).type(type).send(output);
    else response.status(status).json(output);
  };
  return [admit, readBody, handle];
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

function methodsByPath(endpoints: readonly Endpoint[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { route } of endpoints) {
    const known = methods.get(route.path) ?? [];
    methods.set(route.path, [...known, ...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])]);
  }
  return methods;
}

function refuseMethod(methods: readonly string[]) {
  const allow = methods.join(', ');
  return (request: Request): never => {
    throw new ServiceError(
      'method_not_allowed',
      405,
      `${request.method} is not taken here; allowed: ${allow}`,
      {
        headers: { allow },
      },
    );
  };
}
