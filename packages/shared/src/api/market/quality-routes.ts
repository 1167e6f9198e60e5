import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { StreamIdInPath } from '../../vocabulary.ts';
import { StreamDifferences } from './differences.ts';
import { AcceptFaults, Acceptance, AskAgain, AskedAgain, Quality, StreamVerdict } from './quality.ts';

/** What is known of the bars of a stream, and what people decided about it. */
export const qualityRoutes = {
  quality: route({
    method: 'GET',
    path: '/streams/:id/quality',
    summary: 'Gaps, findings, coverage and verdict of a stream.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: Quality,
    timeoutMs: 30_000,
  }),
  qualityPage: route({
    method: 'GET',
    path: '/streams/:id/quality.html',
    summary: 'The same as a page for people, with a map of the coverage.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    contentType: 'text/html',
    response: z.string(),
    timeoutMs: 30_000,
  }),
  verdict: route({
    method: 'GET',
    path: '/streams/:id/verdict',
    summary: 'Whether a stream may be trained and traded on now.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: StreamVerdict,
  }),
  accept: route({
    method: 'POST',
    path: '/streams/:id/accept',
    summary: 'Accept gaps or findings by name and with a reason: they no longer count in the verdict.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: AcceptFaults,
    response: StreamVerdict.extend({ acceptance: Acceptance }),
    timeoutMs: 30_000,
  }),
  recheck: route({
    method: 'POST',
    path: '/streams/:id/recheck',
    summary: 'Ask the source again for a range of closed bars; what differs becomes a revision.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: AskAgain,
    response: AskedAgain,
    timeoutMs: 120_000,
  }),
  differences: route({
    method: 'GET',
    path: '/streams/:id/differences',
    summary: 'Where another source tells other bars than the stream has.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: StreamDifferences,
  }),
} as const;
