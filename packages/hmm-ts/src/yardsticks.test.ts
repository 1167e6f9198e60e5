import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fitFrom, gaussianHmm, type GaussianHmmParts } from './index.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const generator = join(dataDir ?? '', '../yardsticks/hmm/gen.mjs');
const skip = dataDir && existsSync(generator) ? false : 'MARKET_DATA_DIR is not set';

interface Yardstick {
  D: number;
  cov: 'diag' | 'full';
  iters: number;
  init: {
    pi: number[];
    A: number[][];
    mu: number[][];
    cov: GaussianHmmParts['covariances'];
  };
}

const LOG_LIKELIHOODS = {
  A_100k_d2_k3_diag: -258756.513274052,
  B_100k_d4_k4_full: -459976.962041221,
  E_10k_d1_k2_diag: -9778.532279676,
};

suite('log-likelihood after exactly twenty iterations from a fixed start', { skip }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmm-yardsticks-'));
    execFileSync(process.execPath, [generator, folder]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cases = Object.entries(LOG_LIKELIHOODS).flatMap(([name, expected]) =>
    (['auto', 'plain'] as const).map((arithmetic) => ({ name, expected, arithmetic })),
  );
  for (const { name, expected, arithmetic } of cases)
    test(`${name}, ${arithmetic}`, () => {
      const yardstick = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Yardstick;
      const bytes = readFileSync(join(folder, `${name}.f64`));
      const values = new Float64Array(new Uint8Array(bytes).buffer);
      const { init } = yardstick;
      const start = gaussianHmm(yardstick.cov === 'diag' ? 'diagonal' : 'full', {
        start: init.pi,
        transition: init.A,
        means: init.mu,
        covariances: init.cov,
      });
      const options = { iterationsMax: yardstick.iters, tolerance: 0, arithmetic };
      const run = fitFrom(start, { dimensions: yardstick.D, values }, options);
      assert.equal(run.history.length, yardstick.iters + 1);
      const difference = Math.abs(run.logLikelihood / expected - 1);
      assert.ok(difference <= 1e-9, `${run.logLikelihood} is not ${expected}: ${difference}`);
    });
});
