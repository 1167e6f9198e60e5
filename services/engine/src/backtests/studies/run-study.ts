import type { StudyResult } from '@aistock/shared';
import { SCENARIOS } from '@aistock/trading/scenarios';
import type { CheckResult } from '../job/logged-run.ts';
import type { FullRequest, Point, PointResult } from '../job/run-job.ts';
import { sweep } from './sweep.ts';
import { walkForward } from './walk-forward.ts';

/** How a study has its points run. */
export interface StudyTools {
  /** The combinations that a sweep or a walk has to choose from. */
  readonly grid: readonly Readonly<Record<string, number>>[];
  /** What came of points, in their order, wherever they are run. */
  readonly evaluate: (points: readonly Point[]) => Promise<PointResult[]>;
  readonly check: () => Promise<CheckResult>;
}

/** What a study found. */
export interface Studied {
  readonly study: StudyResult;
  /** The periods whose results are the run's result. */
  readonly segments: readonly Point[];
  /** Every combination that was tried; empty where it was only what was asked for. */
  readonly tried: readonly {
    readonly params: Readonly<Record<string, number>>;
    readonly sharpe: number | null;
  }[];
}

/** Runs the study of a request; the same points give the same answer wherever and in whatever order they were run. */
export async function runStudy(request: FullRequest, tools: StudyTools): Promise<Studied> {
  const { study } = request;
  switch (study.type) {
    case 'single':
      return { study: { type: 'single' }, segments: [{}], tried: [] };
    case 'sweep':
      return sweep(study, tools);
    case 'walk_forward':
      return walkForward(study, request, tools);
    case 'scenarios':
      return {
        study: await scenarios(study.names ?? [...SCENARIOS.keys()], tools),
        segments: [{}],
        tried: [],
      };
    case 'lookahead':
    case 'recursive':
      return { study: await tools.check(), segments: [{}], tried: [] };
    default:
      return study satisfies never;
  }
}

async function scenarios(names: readonly string[], { evaluate }: StudyTools): Promise<StudyResult> {
  const results = await evaluate(names.map((scenario) => ({ scenario })));
  return {
    type: 'scenarios',
    scenarios: names.map((name, index) => ({
      name,
      description: SCENARIOS.get(name)!.description,
      figures: results[index]!.figures,
    })),
  };
}
