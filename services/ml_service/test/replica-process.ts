import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, mlServiceApi } from '@aistock/shared';
import type { Rig } from './rig.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A replica as a process of its own. */
export async function startProcess(rig: Rig) {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...rig.env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      ml: createClient(mlServiceApi, { baseUrl: url }),
      kill: async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }
  throw new Error('the service ended before it listened');
}
