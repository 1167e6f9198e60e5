import type { Client, dataIngesterApi, Output } from '@aistock/shared';
import { UsageError } from '../command-line/option-values.ts';
import type { Words } from './options.ts';

type Known = Output<typeof dataIngesterApi.streams>['streams'][number];

/** The streams that are meant, primary first, with the bars that they have. @throws UsageError that lists what there is. */
export async function findStreams(
  ingester: Client<typeof dataIngesterApi>,
  { stream: named, instrument, timeframe }: Words,
): Promise<readonly Known[]> {
  const { streams } = await ingester.streams();
  const wanted =
    named.length > 0
      ? named.map(
          (id) => streams.find(({ stream }) => stream === id) ?? refuse(`there is no stream ${id}`, streams),
        )
      : [onlyOne(streams, instrument ?? '', timeframe)];
  for (const { stream, bars } of wanted)
    if (bars === 0)
      throw new UsageError(
        `${stream} has no bars yet; fetch them with ./scripts/ingest --since 2020-01-01 --stream ${stream}`,
      );
  return wanted;
}

function onlyOne(streams: readonly Known[], instrument: string, timeframe: string | undefined): Known {
  const found = streams.filter(
    (stream) =>
      stream.instrument === instrument && (timeframe === undefined || stream.timeframe === timeframe),
  );
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    return refuse(`there are no bars of ${instrument}${timeframe ? ` at ${timeframe}` : ''}`, streams);
  throw new UsageError(`which one? give --stream ${found.map(({ stream }) => stream).join(' or --stream ')}`);
}

function refuse(what: string, streams: readonly Known[]): never {
  const known = streams
    .map(({ stream, bars }) => `${stream} (${bars.toLocaleString('en-US')} bars)`)
    .join(', ');
  throw new UsageError(
    `${what}; known are ${known || 'none'}. Others are fetched with ./scripts/ingest --since 2020-01-01 --config FILE, ` +
      'or give a file with --bars',
  );
}
