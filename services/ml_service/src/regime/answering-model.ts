import type { ModelKind } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { Timeframe } from '@aistock/shared';
import type { AliasEntry, NamedModel, RegistrySnapshot } from '../registry/snapshot.ts';

/** Who asks, and for what. */
export interface Asker {
  readonly instrument: string;
  readonly timeframe: Timeframe | undefined;
  /** Undefined for whoever is no strategy. */
  readonly strategy: string | undefined;
  /** A session that trades money. */
  readonly live: boolean;
}

/** The alias that answers, with its model. */
export type Answering = AliasEntry & { readonly model: NamedModel };

/**
 * The one model of a kind that answers: the strategy's own champion where it has one or had one, else that of `*`. A session
 * that trades money is answered only by what a person signed off for its strategy.
 * @throws ServiceError `no_active_model`, `model_demoted`, `not_signed_off` or `ambiguous_stream`.
 */
export function answeringModel(
  snapshot: RegistrySnapshot,
  asker: Asker,
  kind: ModelKind = 'regime',
): Answering {
  const { instrument, timeframe, live } = asker;
  const entries = (snapshot.byInstrument.get(instrument) ?? []).filter(
    (entry) => entry.kind === kind && (timeframe === undefined || entry.timeframe === timeframe),
  );
  const streams = Map.groupBy(entries, ({ stream }) => stream);
  const chosen = [...streams.values()].flatMap((own) => (live ? liveOf(own, asker) : championOf(own, asker)));
  const answering = chosen.filter((entry): entry is Answering => entry.model !== null);
  const [only, another] = answering;
  if (!only) throw nobody(asker, entries, chosen);
  if (!another) return only;
  const names = answering.map(({ stream }) => stream).join(', ');
  throw new ServiceError(
    'ambiguous_stream',
    409,
    `${instrument} has active models for ${names}; name a timeframe that only one of them has`,
  );
}

function championOf(entries: readonly AliasEntry[], { strategy }: Asker): AliasEntry[] {
  const champions = entries.filter(({ alias }) => alias === 'champion');
  const own = champions.find((entry) => entry.strategy === strategy);
  const found = own ?? champions.find((entry) => entry.strategy === '*');
  return found ? [found] : [];
}

function liveOf(entries: readonly AliasEntry[], { strategy }: Asker): AliasEntry[] {
  return entries.filter((entry) => entry.alias === 'live' && entry.strategy === strategy);
}

function nobody(
  { instrument, timeframe, strategy, live }: Asker,
  entries: readonly AliasEntry[],
  chosen: readonly AliasEntry[],
): ServiceError {
  const what = `${instrument} ${timeframe ?? ''}`.trim();
  const champions = entries.filter(({ alias }) => alias === 'champion');
  const own = live ? champions.filter((entry) => entry.strategy === strategy) : chosen;
  if (own.some(({ model }) => model === null))
    return new ServiceError('model_demoted', 409, `the model of ${what} was demoted, and none came after it`);
  if (live && champions.some(({ model }) => model !== null))
    return new ServiceError(
      'not_signed_off',
      409,
      `no model of ${what} is signed off for ${strategy}; POST /models/{id}/approve does it, once it is its champion`,
    );
  return new ServiceError('no_active_model', 404, `no model is active for ${what}`);
}
