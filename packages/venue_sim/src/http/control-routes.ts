import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { camelKeys, snakeKeys, snakeName } from './key-case.ts';
import { KIND_NAMES, type Kind, type MisbehaviourTerms } from '../misbehaviour/misbehaviour.ts';

const PREFIX = '/_sim/';
const BODY_BYTES_MAX = 65_536;
const RULES_AT_ONCE_MAX = 100;

const ClockSetting = z.strictObject({ nowMs: z.int().min(0).optional(), rate: z.number().min(0).optional() });

class BadControl extends Error {
  override readonly name = 'BadControl';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * What another process may tell the simulator, in snake_case JSON: `GET /_sim/status`, `POST` and `DELETE
 * /_sim/misbehave`, `POST /_sim/clock`.
 */
export function controlRoutes(
  control: Control,
): (request: IncomingMessage, url: URL, response: ServerResponse) => Promise<boolean> {
  return async (request, url, response) => {
    if (!url.pathname.startsWith(PREFIX)) return false;
    try {
      await obey(control, request, url);
      send(response, 200, control.status());
    } catch (error) {
      const { status, ...problem } = problemOf(error);
      send(response, status, { type: 'about:blank', title: 'Not done', status, ...problem });
    }
    return true;
  };
}

async function obey(control: Control, request: IncomingMessage, url: URL): Promise<void> {
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /_sim/status':
      return;
    case 'POST /_sim/misbehave': {
      const body = await readJson(request);
      const rules = Array.isArray(body) ? body : [body];
      if (rules.length > RULES_AT_ONCE_MAX)
        throw new BadControl(400, 'too_many', `at most ${RULES_AT_ONCE_MAX} at once`);
      control.misbehave(...(rules as MisbehaviourTerms[]));
      return;
    }
    case 'DELETE /_sim/misbehave':
      control.behave(kindOf(url.searchParams.get('kind')));
      return;
    case 'POST /_sim/clock':
      control.setClock(ClockSetting.parse(await readJson(request)));
      return;
    default:
      throw new BadControl(404, 'not_found', `there is no ${request.method} ${url.pathname}`);
  }
}

function kindOf(text: string | null): Kind | undefined {
  if (text === null) return undefined;
  const kind = KIND_NAMES.find((name) => name === text);
  if (!kind) throw new BadControl(400, 'unknown_kind', `kind must be one of ${KIND_NAMES.join(', ')}`);
  return kind;
}

/** A page in a browser cannot send this content type to another origin unasked. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new BadControl(415, 'not_json', 'content-type must be application/json');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new BadControl(413, 'too_large', `at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  try {
    return camelKeys(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    throw new BadControl(400, 'not_json', (error as Error).message);
  }
}

function problemOf(error: unknown): { status: number; code: string; detail: string; fields?: unknown } {
  if (error instanceof BadControl) return { status: error.status, code: error.code, detail: error.message };
  if (error instanceof RangeError) return { status: 400, code: 'out_of_range', detail: error.message };
  if (!(error instanceof z.ZodError)) throw error;
  const fields = error.issues.map(({ path, message }) => ({ field: snakeName(path.join('.')), message }));
  return { status: 400, code: 'invalid_request', detail: 'the body is not as it must be', fields };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(snakeKeys(value));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
