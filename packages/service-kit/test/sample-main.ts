import { runMain } from '../src/run-main.ts';
import { createSample } from './sample-service.ts';

/** A process for tests: POST /things answers when the process is told to stop. */
await runMain(async (env) => {
  const told = Promise.withResolvers<void>();
  process.once('SIGTERM', () => told.resolve());
  return createSample({
    env,
    handlers: {
      write: async ({ body }, { logger }) => {
        logger.info('waiting', { name: body.name });
        if (body.name === 'crash') void Promise.reject(new Error('nobody catches this'));
        await told.promise;
        return { name: body.name };
      },
    },
  });
});
