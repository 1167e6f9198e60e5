import { paramControllerApi, riskGateApi } from '@aistock/shared';
import express from 'express';
import type { z } from 'zod';
import { DECISION, VERDICT } from './answers.ts';

/** The peer: two bare express routes that check their input as ours do, and answer. Nothing is stored or decided. */
const app = express();
app.get('/ready', (_request, response) => {
  response.json({ ready: true });
});

const { param } = paramControllerApi;
app.get(param.path, (request, response) => {
  const wrong = [param.params?.safeParse(request.params), param.query?.safeParse({ ...request.query })];
  if (wrong.every(isGood)) response.json(DECISION);
  else response.status(400).json({ error: 'bad request' });
});

const { check } = riskGateApi;
app.post(check.path, express.json(), (request, response) => {
  if (isGood(check.body?.safeParse(request.body))) response.json(VERDICT);
  else response.status(400).json({ error: 'bad request' });
});

function isGood(result: z.ZodSafeParseResult<unknown> | undefined): boolean {
  return result?.success === true;
}

app.listen(Number(process.env['PORT']), '127.0.0.1');
