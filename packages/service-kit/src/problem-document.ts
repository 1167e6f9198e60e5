import { STATUS_CODES } from 'node:http';
import type { Problem } from '@aistock/shared';
import type { Response } from 'express';
import { toServiceError } from './error-mapping.ts';
import type { Logger } from './logger.ts';
import { currentTrace } from './request-context.ts';
import type { ServiceError } from './service-error.ts';

/** Answers an error as an RFC 9457 problem document, and logs it by its weight. */
export function sendProblem(response: Response, thrown: unknown, logger: Logger): void {
  const error = toServiceError(thrown);
  const fields = {
    code: error.code,
    status: error.status,
    method: response.req.method,
    path: response.req.path,
  };
  if (error.status >= 500) logger.error('request failed', { ...fields, error: error.cause ?? error });
  else logger.info('request refused', { ...fields, detail: error.message });
  if (response.headersSent) {
    response.destroy(); // half an answer is on its way: cutting it off is the only honest sign left
    return;
  }
  response
    .status(error.status)
    .set(error.headers)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, response.req.path)));
}

function toProblem(error: ServiceError, instance: string): Problem {
  const requestId = currentTrace()?.requestId;
  return {
    type: `urn:aistock:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message,
    instance: instance.slice(0, 500),
    ...(requestId && { request_id: requestId }),
    ...(error.fields && { fields: [...error.fields] }),
  };
}
