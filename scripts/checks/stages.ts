/** One part of what CI runs. */
export interface Stage {
  readonly name: string;
  readonly title: string;
  readonly command: readonly string[];
  /** Test files, where the stage is a run of tests; its counts are added up. */
  readonly tests?: readonly string[];
  /** A database server is started for it once. */
  readonly needsDatabase?: boolean;
  /** Not part of a plain run: asked for by name. */
  readonly onRequest?: boolean;
}

const UNIT = [
  'packages/*/src/**/*.test.ts',
  'services/*/src/**/*.test.ts',
  'scripts/**/*.test.ts',
  'benchmarks/**/*.test.ts',
];
const INTEGRATION = ['packages/*/{src,test}/**/*.int.test.ts', 'services/*/{src,test}/**/*.int.test.ts'];
const END_TO_END = ['tests/*.test.ts'];
const COMPOSE = ['tests/compose/*.test.ts'];

export const STAGES: readonly Stage[] = [
  { name: 'format', title: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', title: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'types', title: 'types', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'dead', title: 'dead code', command: ['knip'] },
  { name: 'unit', title: 'unit tests', command: [], tests: UNIT },
  { name: 'integration', title: 'integration tests', command: [], tests: INTEGRATION, needsDatabase: true },
  { name: 'e2e', title: 'end-to-end tests', command: [], tests: END_TO_END, needsDatabase: true },
  { name: 'compose', title: 'the Compose stack', command: [], tests: COMPOSE, onRequest: true },
];

export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
}

/** The stages that were asked for by name, in their own order; without names, all that are not on request only. */
export function chooseStages(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = STAGES.map((stage) => stage.name).join(', ');
    throw new UnknownStageError(`no such part: ${unknown.join(', ')}; there are ${known}`);
  }
  return STAGES.filter((stage) => (names.length === 0 ? !stage.onRequest : names.includes(stage.name)));
}
