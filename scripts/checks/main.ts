import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { testServerUrl } from '@aistock/testkit';
import { runStage } from './run-stage.ts';
import { chooseStages, type Stage, STAGES, UnknownStageError } from './stages.ts';
import { addCounts, NO_TESTS, type TestCounts } from './tap.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;

const root = resolve(dirname(import.meta.filename), '../..');
const say = (text: string) => void process.stdout.write(`${text}\n`);

function sumUp(counts: TestCounts, failed: readonly Stage[]): void {
  if (counts.skips.length > 0) say(['', 'skipped:', ...counts.skips.map((skip) => `  ${skip}`)].join('\n'));
  if (failed.length > 0) say(`\nfailed: ${failed.map((stage) => stage.title).join(', ')}`);
  if (counts !== NO_TESTS)
    say(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}

async function run(stages: readonly Stage[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-checks-'));
  let counts = NO_TESTS;
  const failed: Stage[] = [];
  try {
    for (const stage of stages) {
      say(`\n── ${stage.title}`);
      const startedMs = performance.now();
      const databaseUrl = stage.needsDatabase ? await testServerUrl() : undefined;
      const result = await runStage(stage, { root, folder, databaseUrl });
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      say(`${result.passed ? 'ok' : 'FAILED'}: ${stage.title}, ${seconds} s`);
      if (!result.passed) failed.push(stage);
      if (stage.tests) counts = addCounts(counts, result.counts);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  sumUp(counts, failed);
  return failed.length === 0 ? 0 : EXIT_FAILED;
}

const names = process.argv.slice(2);
if (names.includes('--help')) {
  const parts = STAGES.map((stage) => stage.name).join(', ');
  say(`./scripts/test [part ...]\n\nRuns everything that CI runs, or the parts named: ${parts}.`);
} else {
  try {
    process.exitCode = await run(chooseStages(names));
  } catch (error) {
    if (!(error instanceof UnknownStageError)) throw error;
    process.stderr.write(`test: ${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}
