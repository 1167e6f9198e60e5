import { ServiceError, type Handlers } from '@aistock/service-kit';
import type { dataIngesterApi } from '@aistock/shared';
import type { IngestKeeper } from '../ingest-stream.ts';
import type { StreamCatalogue } from '../stream-catalogue.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { acceptFaults } from './accept-faults.ts';
import { judgeStream } from './judge-stream.ts';
import { noteLostFiles } from './lost-files.ts';
import { qualityPage } from './page/quality-page.ts';
import { qualityReport } from './quality-report.ts';
import { recheckStream } from './recheck-range.ts';
import { loadWatch, type WatchedStream } from './watched-stream.ts';

type QualityHandlers = Pick<
  Handlers<typeof dataIngesterApi>,
  'quality' | 'qualityPage' | 'verdict' | 'accept' | 'recheck'
>;

export function createQualityHandlers(keeper: IngestKeeper, catalogue: StreamCatalogue): QualityHandlers {
  const { db, clock } = keeper;
  /** What became of its files since is known before a stream is judged. */
  const find = async (id: string): Promise<WatchedStream> => {
    const spec = await catalogue.find(id, 'id');
    await noteLostFiles(keeper, spec, new Date(clock.nowMs()));
    return spec;
  };
  return {
    quality: async ({ params }) => qualityReport(db, await find(params.id)),
    qualityPage: async ({ params }) => qualityPage(await qualityReport(db, await find(params.id))),
    verdict: async ({ params }) => {
      const spec = await find(params.id);
      return { stream: spec.stream, ...(await judgeStream(db, spec, await loadWatch(db, spec))) };
    },
    accept: async ({ params, body }) =>
      acceptFaults(db, await find(params.id), { body, at: new Date(clock.nowMs()) }),
    recheck: async ({ params, body }) => {
      const stream = configured(catalogue, (await find(params.id)).stream);
      return recheckStream(keeper, stream, body);
    },
  };
}

function configured(catalogue: StreamCatalogue, stream: string): ConfiguredStream {
  const found = catalogue.configured(stream);
  if (found) return found;
  throw new ServiceError(
    'stream_not_configured',
    409,
    `${stream} is known from before, but no source is configured that could be asked`,
  );
}
