import type { dataIngesterApi, Output } from '@aistock/shared';
import type { Clients } from './clients.ts';
import type { Progress } from './progress.ts';

type Quality = Output<typeof dataIngesterApi.quality>;
export type StreamState = Output<typeof dataIngesterApi.streams>['streams'][number];

/** Calls of /ingest_once in a row for one stretch of history; at 1,000 bars a call it is ten million bars. */
const INGEST_CALLS_MAX = 10_000;

/** Ingests what a stream has, or what closed until a time. */
export async function ingest(
  clients: Clients,
  stream: string,
  untilMs: number | undefined,
  progress: Progress,
): Promise<void> {
  const until = untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString().slice(0, 10)}`;
  await progress.step(`ingesting ${stream}${until}`, async (note) => {
    let accepted = 0;
    for (let call = 0; call < INGEST_CALLS_MAX; call++) {
      const answer = await clients.ingester.ingestOnce({
        body: { streams: [stream], ...(untilMs === undefined ? {} : { until_ms: untilMs }) },
      });
      const result = answer.streams[0];
      if (result === undefined) throw new Error(`data_ingester said nothing about ${stream}`);
      if (result.problem) throw new Error(`${stream}: ${result.problem.code}: ${result.problem.detail}`);
      accepted += result.accepted;
      note(`${accepted} new bars`);
      if (!result.more) return;
    }
    throw new Error(`${stream} still had more bars after ${INGEST_CALLS_MAX} calls`);
  });
}

export async function checkQuality(
  clients: Clients,
  streams: readonly StreamState[],
  progress: Progress,
): Promise<void> {
  await progress.step('checking quality', async (note) => {
    for (const { stream } of streams) {
      const quality = await clients.ingester.quality({ params: { id: stream } });
      note(`${stream}: ${quality.verdict}, ${quality.missing_bars} of ${quality.expected_bars} bars missing`);
      if (quality.verdict === 'block')
        throw new Error(`${stream} is blocked: ${quality.reasons.join('; ')}${gapHint(quality)}`);
    }
  });
}

/** Files do not say what a missing bar means; of exchanges it is known. */
function gapHint({ stream, gap_meaning: meaning, missing_bars: missing }: Quality): string {
  if (meaning === 'trades_only' || missing === 0 || !stream.startsWith('csv:')) return '';
  return '; if its source makes no bar while nobody trades, set GAP_MEANING=trades_only';
}
