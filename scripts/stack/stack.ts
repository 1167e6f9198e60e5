import { SERVICE_NAMES, type ServiceName } from '@aistock/shared';
import { startPostgres, stopPostgres } from '@aistock/database/embedded';
import { migrate } from '@aistock/database/migrate';
import { openPassword, openRolePasswords, passwordFile } from '@aistock/database/passwords';
import { requireFreePorts } from './free-ports.ts';
import { databaseFailure, givenDatabase } from './given-database.ts';
import type { Options } from './options.ts';
import type { Progress } from './progress.ts';
import { endProcesses, type ProcessRecord } from './running.ts';
import { type ServiceProcess, startService, waitUntilReady } from './service-process.ts';
import { postgresPort, schedulerSpec, servicePort, serviceSpecs, type StackPlace } from './service-specs.ts';
import {
  emptyStateFolder,
  findLeftBehind,
  openStateFolder,
  recordProcesses,
  type StateFolder,
} from './state-folder.ts';

/** How long services may take to finish what they do; with the database it stays below the 10 s of the promise. */
const STOP_GRACE_MS = 6_000;
/** A word on the command line of each program that starts services on a state folder: one at a time. */
const START_WORDS = [
  'stack/main.ts',
  'ingest-cli/main.ts',
  'backtest-cli/main.ts',
  'engine-proof',
  'training-proof',
] as const;

/** What a program starts. */
export interface StackUse {
  /** The word of the program itself. */
  readonly word: (typeof START_WORDS)[number];
  /** What to do where another program uses the state folder. */
  readonly instead: string;
  readonly services: readonly ServiceName[];
  /** The scheduler that retrains as well. */
  readonly scheduler: boolean;
  /** The user's environment: DATABASE_URL is used here, settings such as EXCHANGE pass through to the services. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const everything = (options: Options): StackUse => ({
  word: 'stack/main.ts',
  instead: 'stop it, or use --data and --port-base',
  services: SERVICE_NAMES,
  scheduler: !options.once,
  env: process.env,
});

export interface Stack {
  readonly place: StackPlace;
  readonly services: readonly ServiceProcess[];
  /** Settles with the name and end of the first process that ends although nobody asked it to. */
  readonly broken: Promise<string>;
  /** Starts a service that has ended once more, and waits until it is ready. */
  restart(service: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

interface Database {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts Postgres and services, all of them unless told, and waits until they are ready. What was started is stopped
 * again if a later part fails.
 */
export async function startStack(
  root: string,
  options: Options,
  progress: Progress,
  use: StackUse = everything(options),
): Promise<Stack> {
  const ownRecord = (): ProcessRecord => ({ name: 'start', pid: process.pid, commandWord: use.word });
  let folder = await openStateFolder(options.dataDir);
  await refuseOrClear(folder, use.instead, progress);
  if (options.fresh) {
    await stopPostgres(folder.postgres);
    await emptyStateFolder(folder.root);
    folder = await openStateFolder(options.dataDir);
  }
  await requireFreePorts(use.services.map((service) => servicePort(service, options.portBase)));
  await recordProcesses(folder, [ownRecord()]);
  const database = await progress.step('starting Postgres', (note) =>
    openDatabaseServer(options, folder, { given: use.env['DATABASE_URL'], note }),
  );
  const services: ServiceProcess[] = [];
  const stop = () => stopAll(services, database);
  try {
    await progress.step('migrating', async (note) => {
      const passwords = await openRolePasswords((service) => passwordFile(folder.secrets, service));
      const applied = await migrate({ adminUrl: database.url, passwords }).catch((error: unknown) => {
        throw databaseFailure(database.url, error);
      });
      note(applied.length === 0 ? 'schema is up to date' : `${applied.length} migrations applied`);
    });
    const place: StackPlace = {
      portBase: options.portBase,
      folder,
      adminUrl: database.url,
      env: use.env,
    };
    await progress.step(startingTitle(use.services), async () => {
      for (const spec of serviceSpecs(place, use.services)) services.push(startService(root, spec));
      await recordProcesses(folder, [ownRecord(), ...services.map(toRecord)]);
      await Promise.all(services.map((service) => waitUntilReady(service)));
      if (!use.scheduler) return;
      services.push(startService(root, schedulerSpec(place)));
      await recordProcesses(folder, [ownRecord(), ...services.map(toRecord)]);
    });
    const broken = Promise.race(
      services.map(async (service) => `${service.spec.name} ${await service.ended}`),
    );
    const restart = async (name: ServiceName) => {
      const index = services.findIndex((service) => service.spec.name === name && service.hasEnded());
      const ended = services[index];
      if (!ended) throw new Error(`${name} has not ended`);
      const again = startService(root, ended.spec);
      services[index] = again;
      await recordProcesses(folder, [ownRecord(), ...services.map(toRecord)]);
      await waitUntilReady(again);
    };
    return { place, services, broken, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const startingTitle = (services: readonly ServiceName[]): string =>
  services.length === 1 ? `starting ${services[0]}` : `starting ${services.length} services`;

const toRecord = (service: ServiceProcess): ProcessRecord => ({
  name: service.spec.name,
  pid: service.pid,
  commandWord: service.spec.entry,
});

/** Another start on this folder is left alone; what a crashed one left behind is ended first. */
async function refuseOrClear(folder: StateFolder, instead: string, progress: Progress): Promise<void> {
  const left = (await findLeftBehind(folder)).filter((record) => record.pid !== process.pid);
  const other = left.find((record) => START_WORDS.some((word) => word === record.commandWord));
  if (other !== undefined) {
    throw new Error(`another start (process ${other.pid}) uses ${folder.root}: ${instead}`);
  }
  if (left.length === 0) return;
  await progress.step('ending what an earlier start left behind', async (note) => {
    note(left.map((record) => record.name).join(', '));
    await endProcesses(left, STOP_GRACE_MS);
  });
}

async function openDatabaseServer(
  options: Options,
  folder: StateFolder,
  { given, note }: { readonly given: string | undefined; readonly note: (text: string) => void },
): Promise<Database> {
  if (given !== undefined && given !== '') {
    note(`yours, at ${givenDatabase(given).host}`);
    return { url: given, stop: async () => {} };
  }
  const server = await startPostgres({
    dataDir: folder.postgres,
    port: postgresPort(options.portBase),
    password: await openPassword(passwordFile(folder.secrets, 'postgres')),
  });
  note(`PostgreSQL on port ${postgresPort(options.portBase)}`);
  return server;
}

async function stopAll(services: readonly ServiceProcess[], database: Database): Promise<void> {
  await endProcesses(services.map(toRecord), STOP_GRACE_MS);
  await Promise.all(services.map((service) => service.ended));
  await database.stop();
}
