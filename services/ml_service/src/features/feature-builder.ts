import { withStreamLock, type StopHook } from '@aistock/service-kit';
import type { FeatureBuild } from '@aistock/shared';
import { createTurns } from '../turns.ts';
import { buildStream, type BuildContext } from './build-stream.ts';

/** One build after the other: each takes a core. */
const ONE_AT_A_TIME = 'build';

export interface BuildOptions {
  /** Read what is there from storage first; what is damaged, and all after it, is computed anew. */
  readonly verify?: boolean | undefined;
}

export interface FeatureBuilder {
  /**
   * Computes the features of a stream's new bars, and anew those of restated bars and all after them.
   * @throws ServiceError `stream_busy` where another process builds them for too long.
   */
  build(stream: string, options?: BuildOptions): Promise<FeatureBuild>;
  readonly stopHook: StopHook;
}

export function createFeatureBuilder(context: BuildContext): FeatureBuilder {
  const turns = createTurns();
  const stopping = new AbortController();
  return {
    build: (stream, { verify = false } = {}) =>
      turns.run(ONE_AT_A_TIME, async () => {
        stopping.signal.throwIfAborted();
        return withStreamLock(context.db, { stream, of: 'features' }, () =>
          buildStream(context, { stream, verify }, stopping.signal),
        );
      }),
    stopHook: {
      name: 'features',
      run: async () => {
        stopping.abort(new Error('the service stops'));
        await turns.idle();
      },
    },
  };
}
