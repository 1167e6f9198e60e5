import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

/**
 * A guard that nobody has seen fail is no guard. Each of these files breaks one rule of the project, in a tree of its
 * own that has the folders and the lint configuration of this one.
 */
const VIOLATIONS: readonly [what: string, file: string, rule: string, code: string][] = [
  [
    'a floating promise',
    'services/engine/src/a.ts',
    'typescript(no-floating-promises)',
    'async function send(): Promise<void> {}\nexport function go(): void {\n  send();\n}\n',
  ],
  [
    'a switch that forgets a state',
    'packages/trading/src/b.ts',
    'typescript(switch-exhaustiveness-check)',
    "export function tell(side: 'buy' | 'sell'): string {\n  switch (side) {\n    case 'buy':\n      return 'b';\n  }\n  return '';\n}\n",
  ],
  ['a default export', 'services/auditor/src/c.ts', 'import(no-default-export)', 'export default 1;\n'],
  [
    'a print to the console',
    'packages/ledger/src/d.ts',
    'eslint(no-console)',
    "console.log('x');\nexport {};\n",
  ],
  ['an `any`', 'packages/ledger/src/e.ts', 'typescript(no-explicit-any)', 'export const e: any = 1;\n'],
  [
    'Date.now()',
    'packages/market/src/f.ts',
    'eslint(no-restricted-properties)',
    'export const f = Date.now();\n',
  ],
  ['new Date()', 'services/executor/src/g.ts', 'aistock(no-hidden-clock)', 'export const g = new Date();\n'],
  [
    'Math.random()',
    'packages/hmm-ts/src/h.ts',
    'eslint(no-restricted-properties)',
    'export const h = Math.random();\n',
  ],
  [
    'a timer in a pure package',
    'packages/trading/src/i.ts',
    'eslint(no-restricted-globals)',
    'export const i = setTimeout(() => undefined, 1);\n',
  ],
  [
    'the network in a pure package',
    'packages/market/src/j.ts',
    'eslint(no-restricted-globals)',
    "export const j = fetch('http://x');\n",
  ],
  [
    'the time since the start in models',
    'packages/models/src/k.ts',
    'eslint(no-restricted-globals)',
    'export const k = performance.now();\n',
  ],
  [
    'the time since the start in features',
    'packages/features/src/k.ts',
    'eslint(no-restricted-globals)',
    'export const k = performance.now();\n',
  ],
  [
    'the time since the start in promotion',
    'packages/promotion/src/k.ts',
    'eslint(no-restricted-globals)',
    'export const k = performance.now();\n',
  ],
  [
    'the environment in domain code',
    'services/risk_gate/src/k.ts',
    'node(no-process-env)',
    "export const k = process.env['K'];\n",
  ],
];

/** Imports that are out of bounds, each from its file. */
const IMPORTS: readonly [what: string, file: string, specifier: string][] = [
  ['a service imports a service', 'services/executor/src/a.ts', '@aistock/risk-gate'],
  ['by its path', 'services/executor/src/b.ts', '../../risk_gate/src/app.ts'],
  ['in its tests', 'services/executor/src/c.test.ts', '@aistock/risk-gate'],
  ['a package imports a service', 'packages/ledger/src/d.ts', '@aistock/engine'],
  ['shared imports ours', 'packages/shared/src/e.ts', '@aistock/market'],
  ['trading imports the file system', 'packages/trading/src/f.ts', 'node:fs'],
  ['without its prefix', 'packages/trading/src/g.ts', 'fs'],
  ['market imports Postgres', 'packages/market/src/h.ts', 'pg'],
  ['market imports the database', 'packages/market/src/i.ts', '@aistock/database'],
  [
    'hmm-ts starts threads outside of its folder for that',
    'packages/hmm-ts/src/training/j.ts',
    'node:worker_threads',
  ],
  ['or reads files in it', 'packages/hmm-ts/src/workers/j.ts', 'node:fs'],
  ['hmm-ts imports anything', 'packages/hmm-ts/src/j.ts', '@aistock/shared'],
  ['pg outside of the database package', 'services/auditor/src/k.ts', 'pg'],
  ['express outside of the kit', 'services/auditor/src/l.ts', 'express'],
  ['testkit in a service', 'services/engine/src/m.ts', '@aistock/testkit'],
  ['test code in a service', 'services/engine/src/n.ts', '../test/fake-stack.ts'],
  ['bars past the reader that knows the time', 'services/ml_service/src/p.ts', '@aistock/lake/bars'],
  ['also beside that reader', 'services/data_ingester/src/p.ts', '@aistock/lake/bars'],
  ['Parquet outside of the lake', 'services/data_ingester/src/curated/q.ts', '@duckdb/node-api'],
  ['the files of the lake by their path', 'services/engine/src/r.ts', '../../../packages/lake/src/bars.ts'],
  ['another package by its path', 'packages/lake/src/o.ts', '../../market/src/index.ts'],
];

/** What is allowed and close to the border: nothing is to be found in these. */
const CLEAN: readonly [file: string, code: string][] = [
  [
    'packages/market/src/clean.ts',
    'export const iso = (ms: number): string => new Date(ms).toISOString();\n',
  ],
  [
    'packages/market/src/clean.test.ts',
    "import { readFile } from 'node:fs/promises';\nexport { readFile };\n",
  ],
  [
    'services/engine/src/clean.test.ts',
    "import { createTestDatabase } from '@aistock/testkit';\nexport { createTestDatabase };\n",
  ],
  [
    'services/engine/src/clean.ts',
    "import { riskGateApi } from '@aistock/shared';\nexport const { check } = riskGateApi;\n",
  ],
  [
    'services/data_ingester/src/curated/clean.ts',
    "import { PartReader } from '@aistock/lake/bars';\nexport const reader = PartReader;\n",
  ],
  [
    'packages/hmm-ts/src/workers/clean.ts',
    "import { Worker } from 'node:worker_threads';\nexport const start = Worker;\n",
  ],
  ['services/engine/src/main.ts', "export const port = process.env['PORT'];\n"],
  ['tests/clean.test.ts', "import { createApp } from '@aistock/risk-gate';\nexport { createApp };\n"],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const ROOT = join(import.meta.dirname, '..');
let tree: string;
let found: readonly Diagnostic[];

before(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'aistock-guards-')));
  for (const path of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'infra/lint'])
    await cp(join(ROOT, path), join(tree, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const imports = IMPORTS.flatMap(([, file, specifier]) => [
    [importing(file, 'static'), `import '${specifier}';\n`] as const,
    [importing(file, 'dynamic'), `export const loaded = import('${specifier}');\n`] as const,
  ]);
  const files = [...VIOLATIONS.map(([, file, , code]) => [file, code] as const), ...imports, ...CLEAN];
  for (const [file, code] of files) {
    await mkdir(join(tree, dirname(file)), { recursive: true });
    await writeFile(join(tree, file), code);
  }
  found = await lint();
});
after(() => rm(tree, { recursive: true, force: true }));

function importing(file: string, how: string): string {
  return join(dirname(file), `imports-${how}-${basename(file)}`);
}

async function lint(): Promise<readonly Diagnostic[]> {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const run = promisify(execFile)(process.execPath, [oxlint, '--type-aware', '--format', 'json'], {
    cwd: tree,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error); // it exits 1 for what it finds
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}

const rulesOf = (file: string): string[] =>
  found.filter(({ filename }) => filename === file).map(({ code }) => code);

for (const [what, file, rule] of VIOLATIONS)
  test(`lint catches ${what}`, () =>
    assert.ok(rulesOf(file).includes(rule), `${file}: ${rulesOf(file).join()}`));

for (const [what, file] of IMPORTS)
  for (const how of ['static', 'dynamic'])
    test(`lint catches an import: ${what} (${how})`, () => {
      const path = importing(file, how);
      assert.ok(rulesOf(path).includes('aistock(imports)'), `${path}: ${rulesOf(path).join()}`);
    });

test('lint lets through what is allowed', () => {
  for (const [file] of CLEAN) assert.deepEqual(rulesOf(file), [], file);
});
