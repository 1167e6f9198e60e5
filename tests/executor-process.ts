import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient, executorApi } from '@aistock/shared';
import type { TradingDesk } from './trading-desk.ts';

/** The executor over a desk's database as a process of its own, which a fault can kill. */
export async function startExecutorProcess(desk: TradingDesk, env: Record<string, string>) {
  const main = join(import.meta.dirname, '../services/executor/src/main.ts');
  const child = spawn(process.execPath, [main], {
    env: { ...desk.executorEnv(env), LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = once(child, 'exit').then(([, signal]) => signal as unknown);
  for await (const line of createInterface(child.stdout)) {
    const { message, url } = JSON.parse(line) as { message: string; url: string };
    if (message === 'listening') return { client: createClient(executorApi, { baseUrl: url }), died };
  }
  throw new Error('the executor did not start');
}
