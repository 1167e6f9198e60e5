import type { Db } from '@aistock/database';
import type { StoredBar } from '@aistock/lake';
import { actionSteps, adjustBars, type AdjustmentMode, type CorporateAction } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { BarReader } from '../curated/bar-reader.ts';
import type { StreamSpec } from '../stream-spec.ts';
import { actionsKnownAt, toAction } from './action-store.ts';

/** Of one stream: a share that pays every month has so many in eighty years. */
const ACTIONS_MAX = 1_000;

export interface AdjustedView {
  readonly mode: AdjustmentMode;
  readonly asOfMs: number;
  readonly knownMs: number | undefined;
}

/**
 * Bars of a stream, adjusted for what had happened and was known by then.
 * @throws ServiceError 409 `adjusted_by_source` where the source gives no prices as they were traded.
 */
export async function adjustedBars(
  { db, reader }: { readonly db: Db; readonly reader: BarReader },
  spec: StreamSpec,
  bars: readonly StoredBar[],
  view: AdjustedView,
): Promise<StoredBar[]> {
  const [first] = bars;
  if (first === undefined || view.mode === 'raw') return [...bars];
  const counted = countedKinds(spec, view.mode);
  const rows = await actionsKnownAt(
    db,
    spec.stream,
    new Date(Math.min(view.asOfMs, view.knownMs ?? Infinity)),
  );
  const actions = rows
    .map(toAction)
    .filter(
      ({ kind, exOpenMs }) => counted.includes(kind) && exOpenMs > first.openMs && exOpenMs <= view.asOfMs,
    );
  if (actions.length > ACTIONS_MAX)
    throw new ServiceError('actions_too_many', 422, `more than ${ACTIONS_MAX} actions; ask for later bars`);
  const closes = await closesBefore(reader, spec, actions, view);
  const adjusted = adjustBars(bars, stepsOf(actions, closes), view);
  return bars.map((bar, index) => ({ ...bar, ...adjusted[index] }));
}

/** What the source has worked into its prices already does not count again. */
function countedKinds(
  { stream, facts }: StreamSpec,
  mode: AdjustmentMode,
): readonly CorporateAction['kind'][] {
  const wanted: readonly CorporateAction['kind'][] = mode === 'total' ? ['split', 'dividend'] : ['split'];
  const { adjustment } = facts;
  if (adjustment === null || adjustment === 'raw') return wanted;
  if (adjustment === 'split') return wanted.filter((kind) => kind !== 'split');
  throw new ServiceError(
    'adjusted_by_source',
    409,
    `the prices of ${stream} come adjusted (${adjustment}); only raw ones can be adjusted here`,
    { fields: [{ field: 'adjust', message: 'must be raw' }] },
  );
}

/** The close that a dividend came off: of the last bar before it, as it was traded. */
async function closesBefore(
  reader: BarReader,
  spec: StreamSpec,
  actions: readonly CorporateAction[],
  { asOfMs, knownMs }: AdjustedView,
): Promise<ReadonlyMap<number, string>> {
  const closes = new Map<number, string>();
  for (const { kind, exOpenMs } of actions) {
    if (kind !== 'dividend') continue;
    const [bar] = await reader.bars(spec, { toMs: exOpenMs, asOfMs, knownMs, newest: true, limit: 1 });
    if (bar) closes.set(exOpenMs, bar.close);
  }
  return closes;
}

function stepsOf(actions: readonly CorporateAction[], closes: ReadonlyMap<number, string>) {
  try {
    return actionSteps(actions, (exOpenMs) => closes.get(exOpenMs));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ServiceError('action_implausible', 409, error.message, { cause: error });
  }
}
