import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startPostgres } from '@aistock/database/embedded';
import { openGraphileSide } from './claims/graphile-side.ts';
import { openLedgerSide } from './claims/ledger-side.ts';
import { openPgBossSide } from './claims/pg-boss-side.ts';
import type { Side } from './claims/side.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const PASSWORD = 'bench-password';
const SINGLE_ITEMS = 1_500;
const BATCHED_ITEMS = 20_000;

interface Sides {
  ledger: Side;
  'graphile-worker 0.18.0': Side;
  'pg-boss 12.27.0': Side;
}
const PEERS = ['graphile-worker 0.18.0', 'pg-boss 12.27.0'] as const;

/** The ledger beside two queues on one Postgres that waits for the disk at every commit, each in its own database. */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const home = await mkdtemp(join(tmpdir(), 'aistock-bench-claims-'));
  const server = { dataDir: join(home, 'data'), port: await freePort(), password: PASSWORD };
  const settings = { synchronous_commit: 'on', shared_buffers: '256MB' };
  const open = async (database: string, openSide: (url: string) => Promise<Side>) =>
    openSide((await startPostgres({ ...server, settings, database })).url);
  const { stop } = await startPostgres({ ...server, settings });
  try {
    const sides: Sides = {
      ledger: await open('ledger', openLedgerSide),
      'graphile-worker 0.18.0': await open('graphile', openGraphileSide),
      'pg-boss 12.27.0': await open('boss', openPgBossSide),
    };
    const rows = [
      ...(await compare(sides, { name: 'one item a claim', items: SINGLE_ITEMS, take: 'takeOneByOne' }, say)),
      ...(await compare(sides, { name: 'in batches', items: BATCHED_ITEMS, take: 'takeInBatches' }, say)),
      ...(await probe(sides)),
    ];
    for (const side of Object.values<Side>({ ...sides })) await side.close();
    return rows;
  } finally {
    await stop();
    await rm(home, { recursive: true, force: true });
  }
}

interface Work {
  name: string;
  items: number;
  take: 'takeOneByOne' | 'takeInBatches';
}

async function compare(sides: Sides, { name, items, take }: Work, say: Report): Promise<BenchmarkRow[]> {
  const round = (side: Side) => async () => {
    await side.load(items);
    const startedMs = performance.now();
    await side[take](items);
    return { perSecond: (items / (performance.now() - startedMs)) * 1_000 };
  };
  say(`${name}: ${items} items a round`);
  const rounds: Record<keyof Sides, ReturnType<typeof round>> = {
    ledger: round(sides.ledger),
    [PEERS[0]]: round(sides[PEERS[0]]),
    [PEERS[1]]: round(sides[PEERS[1]]),
  };
  const medians = await medianRounds(rounds, { measure: ['perSecond'], say });
  return PEERS.map((peer) => ({
    name: `claimed and finished, ${name}`,
    ours: medians.ledger.perSecond,
    peer: medians[peer].perSecond,
    peer_name: peer,
    ratio: medians.ledger.perSecond / medians[peer].perSecond,
    unit: 'items/s',
    better: 'higher',
  }));
}

async function probe(sides: Sides): Promise<BenchmarkRow[]> {
  const ours = Number(await sides.ledger.acceptsStale());
  const rows: BenchmarkRow[] = [];
  for (const peer of PEERS) {
    const theirs = Number(await sides[peer].acceptsStale());
    rows.push({
      name: 'a completion by a claimer that lost its claim is taken',
      ours,
      peer: theirs,
      peer_name: peer,
      ratio: ours === theirs ? 1 : ours / theirs,
      unit: '1 = taken',
      better: 'lower',
    });
  }
  return rows;
}
