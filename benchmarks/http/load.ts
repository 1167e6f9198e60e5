import autocannon, { type Request } from 'autocannon';

const CONNECTIONS = 10;
const WARM_UP_S = 1;
const ROUND_S = 3;

/** What is asked of a server, over and over. */
export interface Work {
  /** The next request; no two need be the same. */
  readonly next: () => Request;
  /** A part of every good answer. */
  readonly answer: string;
}

export interface Speed {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** How fast a server does the work on ten connections. @throws Error if a single answer is not a good one. */
export async function measure(url: string, work: Work, seconds = ROUND_S): Promise<Speed> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ ...work.next(), setupRequest: (request) => ({ ...request, ...work.next() }) }],
    verifyBody: (body) => body.includes(work.answer),
  });
  const bad = result.non2xx + result.errors + result.timeouts + result.mismatches;
  if (bad > 0 || result.requests.total === 0)
    throw new Error(`${bad} of ${result.requests.total} answers of ${url} were not as they should be`);
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

/** Lets a server compile what it runs and open what it needs. */
export async function warmUp(url: string, work: Work): Promise<void> {
  await measure(url, work, WARM_UP_S);
}
