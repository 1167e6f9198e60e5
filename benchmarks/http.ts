import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, type Speed, warmUp, type Work } from './http/load.ts';
import { startServers } from './http/servers.ts';
import { checkWork, PARAM_WORK } from './http/work.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const PEER_NAME = 'bare express route, same zod validation';

interface Comparison {
  readonly name: string;
  readonly work: Work;
  /** The whole service: it decides, and stores what it decided, at each request. */
  readonly service: string;
  /** Its plumbing alone, around a handler that answers at once. */
  readonly plumbing: string;
  readonly bare: string;
}

/** Our two endpoints on the way of an order, and our plumbing alone, beside a bare express route. */
export async function run(say: Report): Promise<readonly BenchmarkRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-bench-http-'));
  try {
    say('starting Postgres, the services and the peers');
    const servers = await startServers(folder);
    try {
      const { paramController, riskGate, plumbing, bare } = servers;
      const sides = { plumbing, bare };
      return [
        ...(await compare({ name: 'GET /param', work: PARAM_WORK, service: paramController, ...sides }, say)),
        ...(await compare({ name: 'POST /check', work: checkWork(), service: riskGate, ...sides }, say)),
      ];
    } finally {
      await servers.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  { name, work, service, plumbing, bare }: Comparison,
  say: Report,
): Promise<BenchmarkRow[]> {
  for (const url of [service, plumbing, bare]) await warmUp(url, work);
  const medians = await medianRounds(
    {
      service: () => measure(service, work),
      plumbing: () => measure(plumbing, work),
      bare: () => measure(bare, work),
    },
    { measure: ['perSecond', 'p99Ms'], say: (line) => say(`${name}, ${line}`) },
  );
  return [
    ...rows(`${name} with its work`, medians.service, medians.bare),
    ...rows(`${name}, plumbing only`, medians.plumbing, medians.bare),
  ];
}

function rows(name: string, ours: Speed, peer: Speed): BenchmarkRow[] {
  const row = (what: string, figure: keyof Speed, unit: string): BenchmarkRow => ({
    name: `${name}, ${what}`,
    ours: ours[figure],
    peer: peer[figure],
    peer_name: PEER_NAME,
    ratio: ours[figure] / peer[figure],
    unit,
    better: figure === 'perSecond' ? 'higher' : 'lower',
  });
  return [row('throughput', 'perSecond', 'requests/s'), row('99th percentile', 'p99Ms', 'ms')];
}
