import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApp } from '@aistock/data-ingester';
import { migrate } from '@aistock/database/migrate';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { generatedSeries, startVenueSim, venueClock } from '@aistock/venue_sim';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);

export interface IngesterSide {
  /** Takes all bars of another stream, from the venue's answers to registered files. @returns how many. */
  readonly ingestNext: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface IngesterTerms {
  readonly folder: string;
  readonly databaseUrl: string;
  /** Bars of each stream. */
  readonly bars: number;
  readonly chunkBars: number;
  readonly streams: number;
}

/** The real service, which asks a simulated Binance over HTTP through the real ccxt client. */
export async function openIngesterSide(terms: IngesterTerms): Promise<IngesterSide> {
  const { folder, databaseUrl, bars, chunkBars, streams } = terms;
  await migrate({ adminUrl: databaseUrl });
  const series = generatedSeries({ seed: 1, timeframe: '1m', startMs: START_MS, bars });
  const nowMs = START_MS + (bars + 1) * MINUTE_MS;
  const sim = await startVenueSim({
    markets: [{ venue: 'binance', instrument: 'BTC/USDT', bars: series }],
    clock: venueClock({ nowMs, rate: 0, realMs: () => performance.now() }),
    limits: { binance: 1_000_000 },
  });
  const names = Array.from({ length: streams }, (_, index) => `bench_${index}`);
  const sources = join(folder, 'sources.yaml');
  await writeFile(
    sources,
    `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${sim.url}' }
streams:
${names.map((name) => `  - { name: ${name}, sources: [sim], instruments: [BTC/USDT], timeframes: [1m], start: 2024-01-01, chunk_bars: ${chunkBars} }`).join('\n')}
`,
  );
  const service = await createApp({
    DATABASE_URL: databaseUrl,
    LAKE_DIR: join(folder, 'lake'),
    SOURCES_FILE: sources,
    LOG_LEVEL: 'silent',
    PORT: '0',
  });
  await service.listen();
  const client = createClient(dataIngesterApi, { baseUrl: service.url });
  return {
    ingestNext: async () => {
      const stream = `${names.shift()}:BTC/USDT:1m`;
      let taken = 0;
      for (let more = true; more;) {
        const result = (await client.ingestOnce({ body: { streams: [stream] } })).streams[0];
        if (result === undefined || result.problem !== null)
          throw new Error(`${stream}: ${JSON.stringify(result)}`);
        taken += result.accepted;
        more = result.more;
      }
      return taken;
    },
    close: async () => {
      await service.stop();
      await sim.stop();
    },
  };
}
