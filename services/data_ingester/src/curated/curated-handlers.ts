import { withStreamLock, type Handlers } from '@aistock/service-kit';
import type { dataIngesterApi, Output } from '@aistock/shared';
import type { IngestKeeper } from '../ingest-stream.ts';
import { readBars } from '../read-bars.ts';
import type { StreamCatalogue } from '../stream-catalogue.ts';
import type { WaitingReaders } from '../waiting-readers.ts';
import type { Adoption } from './adoption.ts';
import { repairStream } from './repair-stream.ts';

type CuratedHandlers = Pick<Handlers<typeof dataIngesterApi>, 'bars' | 'repair'>;
type RepairAnswer = Output<typeof dataIngesterApi.repair>;

interface Parts {
  readonly catalogue: StreamCatalogue;
  readonly adopted: Adoption;
  readonly waiting: WaitingReaders;
}

export function createCuratedHandlers(
  keeper: IngestKeeper,
  { catalogue, adopted, waiting }: Parts,
): CuratedHandlers {
  return {
    bars: async ({ query }, { signal, gone }) => {
      const spec = await catalogue.find(query.stream, 'stream');
      const read = () => readBars(keeper, spec, query, keeper.clock.nowMs());
      if (!query.wait_ms) return read();
      return waiting.read(spec.stream, {
        read,
        isEmpty: ({ bars }) => bars.length === 0,
        waitMs: query.wait_ms,
        signal: AbortSignal.any([signal, gone]),
      });
    },
    repair: async ({ params, body }) => {
      const { stream } = await catalogue.find(params.id, 'id');
      return withStreamLock(keeper.locks, { stream, of: 'bars' }, async () => {
        const lost = (await adopted.again()).filter((file) => file.stream === stream);
        const repair = await repairStream(keeper, stream, body);
        return {
          stream,
          verified: repair.verified,
          repaired: repair.repaired,
          lost: [
            ...lost.map(toWireLost),
            ...repair.lost.map(({ part, why }) => toWireLost({ ...part, why })),
          ],
        };
      });
    },
  };
}

function toWireLost(lost: {
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  readonly why: string;
}): RepairAnswer['lost'][number] {
  return { from_ms: lost.firstOpenMs, to_ms: lost.lastOpenMs, detail: lost.why };
}
