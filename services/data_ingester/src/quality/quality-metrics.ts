import type { Db } from '@aistock/database';
import type { Logger, Metrics } from '@aistock/service-kit';
import { FindingKind, GapState, Verdict } from '@aistock/shared';
import { sql } from 'kysely';

interface Recorded {
  readonly verdicts: readonly { stream: string; verdict: Verdict; bars: number }[];
  readonly gaps: readonly { stream: string; state: string; gaps: number; bars: number }[];
  readonly findings: readonly { stream: string; kind: string; bars: number }[];
}

/**
 * Gauges of what is recorded of the streams, read from the database when they are asked for, so that they show too what
 * another process wrote or a person accepted. Labels are the configured streams and closed lists. While the database does
 * not answer nothing is shown.
 */
export function qualityMetrics(
  metrics: Metrics,
  { db, streams, logger }: { readonly db: Db; readonly streams: readonly string[]; readonly logger: Logger },
): void {
  const recorded = sharedReader(db, streams, logger);
  const gauge = (
    name: string,
    help: string,
    labels: readonly string[],
    show: (recorded: Recorded, set: (labels: Record<string, string>, value: number) => void) => void,
  ): void => {
    metrics.gauge({
      name,
      help,
      labels,
      collect: async (target) => {
        target.reset();
        const now = await recorded();
        if (now) show(now, (values, value) => target.set(values, value));
      },
    });
  };
  gauge(
    'stream_verdict',
    '1 for the verdict that the stream has, 0 for the others; block stops training and trading.',
    ['stream', 'verdict'],
    ({ verdicts }, set) => {
      for (const { stream, verdict } of verdicts)
        for (const each of Verdict.options) set({ stream, verdict: each }, each === verdict ? 1 : 0);
    },
  );
  gauge(
    'stream_bars',
    'Bars that are held, by the verdict of their stream.',
    ['stream', 'verdict'],
    ({ verdicts }, set) => {
      for (const { stream, verdict, bars } of verdicts) set({ stream, verdict }, bars);
    },
  );
  const gapGauge = (name: string, help: string, value: 'gaps' | 'bars'): void =>
    gauge(name, help, ['stream', 'state'], ({ gaps }, set) => {
      for (const stream of streams)
        for (const state of GapState.options)
          set(
            { stream, state },
            gaps.find((row) => row.stream === stream && row.state === state)?.[value] ?? 0,
          );
    });
  gapGauge('stream_gaps', 'Gaps of the stream, by what became of them.', 'gaps');
  gapGauge('stream_gap_bars', 'Bars of the gaps of the stream, by what became of them.', 'bars');
  gauge(
    'stream_finding_bars',
    'Odd bars of the stream that nobody accepted, by kind; restated ones too.',
    ['stream', 'kind'],
    ({ findings }, set) => {
      for (const stream of streams)
        for (const kind of FindingKind.options)
          set(
            { stream, kind },
            findings.find((row) => row.stream === stream && row.kind === kind)?.bars ?? 0,
          );
    },
  );
}

/** Reads once for all gauges that ask at the same time. */
function sharedReader(
  db: Db,
  streams: readonly string[],
  logger: Logger,
): () => Promise<Recorded | undefined> {
  let reading: Promise<Recorded | undefined> | undefined;
  const readOnce = async (): Promise<Recorded | undefined> => {
    try {
      return await readRecorded(db, streams);
    } catch (error) {
      logger.warn('the quality of the streams could not be read', { error });
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  return () => (reading ??= readOnce());
}

async function readRecorded(db: Db, streams: readonly string[]): Promise<Recorded> {
  const [verdicts, gaps, findings] = await Promise.all([
    db
      .selectFrom('market.quality')
      .select(['stream', 'verdict', 'bars'])
      .where('stream', 'in', streams)
      .execute(),
    db
      .selectFrom('market.gap')
      .select(({ fn }) => [
        'stream',
        'state',
        fn.countAll<number>().as('gaps'),
        sql<number>`sum(missing_bars)::bigint`.as('bars'),
      ])
      .where('stream', 'in', streams)
      .groupBy(['stream', 'state'])
      .execute(),
    db
      .selectFrom('market.finding')
      .select(['stream', 'kind', sql<number>`sum(bars - accepted_bars)::bigint`.as('bars')])
      .where('stream', 'in', streams)
      .groupBy(['stream', 'kind'])
      .execute(),
  ]);
  return { verdicts, gaps, findings };
}
