import type { Db } from '@aistock/database';
import type { StoredBar } from '@aistock/lake';
import {
  actionSteps,
  adjustBars,
  type AdjustmentMode,
  type Bar,
  type CorporateAction,
} from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { BarReader } from '../curated/bar-reader.ts';
import type { StreamSpec } from '../stream-spec.ts';
import { actionsKnownAt, LATEST, toAction, type ActionRow } from './action-store.ts';
import { bySplitsWorkedIn, inSharesOfBar } from './worked-in-splits.ts';

/** Of one stream: a share that pays every month has so many in eighty years. */
const ACTIONS_MAX = 1_000;
const NO_BARS: ReadonlyMap<number, StoredBar> = new Map();

export interface AdjustedView {
  readonly mode: AdjustmentMode;
  readonly asOfMs: number;
  readonly knownMs: number | undefined;
}

/**
 * Bars of a stream, adjusted for what had happened and was known by then, and is not in them already.
 * @throws ServiceError 409 `adjusted_by_source` where the source takes dividends off its prices.
 */
export async function adjustedBars(
  { db, reader }: { readonly db: Db; readonly reader: BarReader },
  spec: StreamSpec,
  bars: readonly StoredBar[],
  view: AdjustedView,
): Promise<StoredBar[]> {
  const [first] = bars;
  if (first === undefined || view.mode === 'raw') return [...bars];
  assertAdjustable(spec);
  const knownAt = new Date(Math.min(view.asOfMs, view.knownMs ?? Infinity));
  const rows = (await actionsKnownAt(db, spec.stream, knownAt)).filter(
    ({ ex_at: exAt }) => exAt.getTime() > first.openMs && exAt.getTime() <= view.asOfMs,
  );
  if (rows.length > ACTIONS_MAX)
    throw new ServiceError('actions_too_many', 422, `more than ${ACTIONS_MAX} actions; ask for later bars`);
  const before = view.mode === 'total' ? await barsBefore(reader, spec, rows, view) : NO_BARS;
  // Whatever is known today tells in whose shares a number is; what it says of the time after is not used.
  const told = (await actionsKnownAt(db, spec.stream, LATEST)).map(toAction);
  const actions = rows.map((row) => inSharesOfBar(spec, { row, bar: before.get(row.ex_at.getTime()), told }));
  const adjusted = new Map<number, Bar>();
  for (const [workedInMs, given] of bySplitsWorkedIn(spec, bars, actions)) {
    const left = actions.filter(({ kind, exOpenMs }) => kind !== 'split' || exOpenMs > workedInMs);
    for (const bar of adjustBars(given, stepsOf(left, before), view)) adjusted.set(bar.openMs, bar);
  }
  return bars.map((bar) => ({ ...bar, ...adjusted.get(bar.openMs) }));
}

function assertAdjustable({ stream, facts: { adjustment } }: StreamSpec): void {
  if (adjustment === null || adjustment === 'raw' || adjustment === 'split') return;
  throw new ServiceError(
    'adjusted_by_source',
    409,
    `the prices of ${stream} come adjusted for dividends (${adjustment}), which is not done twice here`,
    { fields: [{ field: 'adjust', message: 'must be raw' }] },
  );
}

/** The bars whose closes dividends came off, by the day of the dividend: the last one before each. */
async function barsBefore(
  reader: BarReader,
  spec: StreamSpec,
  rows: readonly ActionRow[],
  { asOfMs, knownMs }: AdjustedView,
): Promise<Map<number, StoredBar>> {
  const found = new Map<number, StoredBar>();
  for (const { kind, ex_at: exAt } of rows) {
    if (kind !== 'dividend') continue;
    const exOpenMs = exAt.getTime();
    const [bar] = await reader.bars(spec, { toMs: exOpenMs, asOfMs, knownMs, newest: true, limit: 1 });
    if (bar) found.set(exOpenMs, bar);
  }
  return found;
}

function stepsOf(actions: readonly CorporateAction[], before: ReadonlyMap<number, StoredBar>) {
  try {
    return actionSteps(actions, (exOpenMs) => before.get(exOpenMs)?.close);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ServiceError('action_implausible', 409, error.message, { cause: error });
  }
}
