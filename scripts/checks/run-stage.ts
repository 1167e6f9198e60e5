import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stages.ts';
import { NO_TESTS, readTap, type TestCounts } from './tap.ts';

/** Test files that run at the same time. */
const TEST_FILES_AT_ONCE = 2;
/** A test, or a whole file of them, that takes longer has hung. */
const TEST_TIMEOUT_MS = 600_000;

export interface StageResult {
  readonly passed: boolean;
  readonly counts: TestCounts;
}

export interface StagePlace {
  readonly root: string;
  /** A folder for reports, gone after the run. */
  readonly folder: string;
  /** The database server of the run, where the stage needs one. */
  readonly databaseUrl: string | undefined;
}

/** Runs one stage with its output shown. */
export async function runStage(stage: Stage, place: StagePlace): Promise<StageResult> {
  const env: Record<string, string> =
    place.databaseUrl === undefined ? {} : { TEST_DATABASE_URL: place.databaseUrl };
  if (stage.tests === undefined)
    return { passed: await runs(stage.command, place.root, env), counts: NO_TESTS };
  const report = join(place.folder, `${stage.name}.tap`);
  const passed = await runs([process.execPath, ...testArguments(stage, place.root, report)], place.root, env);
  const counts = readTap(await readFile(report, 'utf8'));
  return { passed: passed && counts.passed > 0, counts };
}

function testArguments(stage: Stage, root: string, report: string): readonly string[] {
  const files = (stage.tests ?? [])
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => stage.name !== 'unit' || !file.endsWith('.int.test.ts'))
    .toSorted();
  if (files.length === 0) throw new Error(`no test file belongs to ${stage.name}`);
  return [
    '--test',
    `--test-concurrency=${TEST_FILES_AT_ONCE}`,
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report}`,
    ...files,
  ];
}

/** Runs a command; true where it exited with 0. */
function runs(command: readonly string[], cwd: string, env: Record<string, string>): Promise<boolean> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}
