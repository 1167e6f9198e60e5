import { checkLookahead } from './check-lookahead.ts';
import { checkRecursive } from './check-recursive.ts';
import { concludeRun, type ConcludeTerms, type Conclusion } from './conclude-run.ts';
import { evaluatePoints } from './evaluate-points.ts';
import { filterRegimes, type FilterTerms } from './filter-regimes.ts';
import { heldSeries } from './held-series.ts';
import { compareShadow, type ShadowOutcome } from '../../shadow/compare/compare-shadow.ts';
import type { ShadowJob } from '../../shadow/compare/shadow-job.ts';
import { loggedRun, type CheckResult } from './logged-run.ts';
import { pointTerms, reachOf } from './point-terms.ts';
import type { Point, PointResult, RegimeColumns, RunJob } from './run-job.ts';

// What a worker thread can be asked, by name; see WorkerPool. Everything that comes and goes is plain data.

export function evaluate({ job, points }: { job: RunJob; points: readonly Point[] }): PointResult[] {
  return evaluatePoints(job, points);
}

export function check(job: RunJob): CheckResult {
  const { study, seed, slots, sizing } = job.request;
  const terms = pointTerms(job, heldSeries(job), {}, { record: null });
  if (study.type === 'lookahead') return checkLookahead(terms, { times: study.times, seed }, loggedRun);
  return checkRecursive(terms, reachOf(slots, sizing), loggedRun);
}

export function conclude(terms: ConcludeTerms): Conclusion {
  return concludeRun(terms);
}

export function regimes(terms: FilterTerms): RegimeColumns {
  return filterRegimes(terms);
}

export function shadow(job: ShadowJob): ShadowOutcome {
  return compareShadow(job);
}
