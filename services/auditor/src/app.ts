import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NoteError, type NoteKey } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import { ConfigError, createLogger, createMetrics, createService, databaseCheck } from '@aistock/service-kit';
import {
  loadSigningKey,
  openServiceDatabase,
  systemClock,
  type Check,
  type Clock,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { auditorApi } from '@aistock/shared';
import { createAuditor, type Auditor } from './auditor.ts';
import { startBackground } from './background.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { loadAuditorConfig } from './config.ts';
import { createHandlers } from './handlers.ts';
import { Sequencer } from './sequencer.ts';

const FOLDER_MODE = 0o700;

/** Puts the auditor together; it drains from here on, and answers once it listens. */
export async function createApp(env: Env, overrides: { clock?: Clock } = {}): Promise<Service> {
  const config = loadAuditorConfig(env);
  const clock = overrides.clock ?? systemClock;
  const signer: NoteKey = {
    name: config.AUDIT_ORIGIN,
    key: await loadSigningKey(config.keyFile, 'AUDIT_KEY_FILE'),
  };
  await mkdir(config.AUDIT_DIR, { recursive: true, mode: FOLDER_MODE });
  const file = await CheckpointFile.open(join(config.AUDIT_DIR, 'checkpoints.txt'));
  const db = openServiceDatabase(config);
  const sequencer = await openSequencer(db, file, signer, clock);
  const auditor = createAuditor({ db, file, verifier: signer, sequencer });
  const logger = createLogger({ service: 'auditor', level: config.LOG_LEVEL });
  const metrics = createMetrics('auditor');
  const background = startBackground({ auditor, db, config, logger, metrics });
  return createService({
    name: 'auditor',
    api: auditorApi,
    config,
    handlers: createHandlers(db, auditor),
    checks: [databaseCheck(db), recordCheck(auditor)],
    state: () => ({ first_bad: auditor.finding() ?? null }),
    onStop: [...background, { name: 'database', run: () => db.destroy() }],
    logger,
    metrics,
    clock,
  });
}

async function openSequencer(
  db: Db,
  file: CheckpointFile,
  signer: NoteKey,
  clock: Clock,
): Promise<Sequencer> {
  try {
    return await Sequencer.open({ db, file, signer, clock });
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    const problem = 'is not the key, or AUDIT_ORIGIN not the name, that signed the checkpoints in AUDIT_DIR';
    throw new ConfigError([`AUDIT_KEY_FILE: ${problem} (${error.message})`]);
  }
}

function recordCheck(auditor: Auditor): Check {
  return {
    name: 'record',
    required: true,
    run: () => {
      const finding = auditor.finding();
      if (finding === undefined) return Promise.resolve();
      return Promise.reject(Object.assign(new Error(finding.problem), { code: `entry ${finding.index}` }));
    },
  };
}
