import { ConfigError, type Env } from './config.ts';
import { createLogger, type Logger } from './logger.ts';
import { ListenError } from './server.ts';
import type { Service } from './service.ts';

const STOP_WITHIN_MS = 8_000;
const EXIT_FAILED = 1;
/** EX_CONFIG of sysexits.h: starting it again without another configuration is of no use. */
const EXIT_CONFIG = 78;

/** A service, or a process of the same image that only starts, works and stops. */
export type Runnable = Pick<Service, 'logger' | 'listen' | 'stop'>;

/**
 * The whole of a service's main.ts: starts it from the environment, stops it on SIGTERM or SIGINT within 8 s and
 * exits 0, exits 1 on an error that nobody caught, and 78 with every problem on stderr for a wrong configuration.
 */
export async function runMain(createApp: (env: Env) => Promise<Runnable>): Promise<void> {
  let service: Runnable | undefined;
  const log = (): Logger => service?.logger ?? createLogger({ service: 'start', level: 'info' });
  const crash = (error: unknown): never => {
    log().error('crashed', { error });
    process.exit(EXIT_FAILED);
  };
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  const stop = (signal: NodeJS.Signals): void => {
    setTimeout(() => {
      log().error('did not stop in time', { signal, within_ms: STOP_WITHIN_MS });
      process.exit(EXIT_FAILED);
    }, STOP_WITHIN_MS).unref();
    if (service === undefined) process.exit(0); // nothing was taken yet that would have to be given back
    service.stop().then(() => process.exit(0), crash);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);

  try {
    service = await createApp(process.env);
    await service.listen();
  } catch (error) {
    process.stderr.write(tellStartError(error));
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED);
  }
}

function tellStartError(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map((problem) => `${problem}\n`).join('');
  if (error instanceof ListenError) return `${error.message}\n`;
  return `could not start: ${error instanceof Error ? error.stack : String(error)}\n`;
}
