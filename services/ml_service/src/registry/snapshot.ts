import type { Alias, AliasTable, Db, ModelTable } from '@aistock/database';
import type { Selectable } from 'kysely';
import { streamParts } from '../stream-parts.ts';

const ALIASES_MAX = 10_000;

/** A model that an alias names, with what is needed to answer by it. */
export type NamedModel = Pick<
  Selectable<ModelTable>,
  'model_id' | 'stream' | 'instrument' | 'timeframe' | 'trained_to_at' | 'expires_at'
>;

/** What an alias names, and of which generation it is. */
export interface AliasEntry extends Omit<Selectable<AliasTable>, 'model_id'>, ReturnType<typeof streamParts> {
  readonly model: NamedModel | null;
}

/** Every alias at one moment. Never changed; another one takes its place. */
export interface RegistrySnapshot {
  readonly entries: readonly AliasEntry[];
  /** The same by instrument. */
  readonly byInstrument: ReadonlyMap<string, readonly AliasEntry[]>;
}

/** @throws Error for more aliases than can be held: some would be missing. */
export async function readSnapshot(db: Db): Promise<RegistrySnapshot> {
  const rows = await db
    .selectFrom('ml.alias as alias')
    .leftJoin('ml.model as model', 'model.model_id', 'alias.model_id')
    .selectAll('alias')
    .select(['model.trained_to_at', 'model.expires_at'])
    .orderBy('alias.stream')
    .orderBy('alias.strategy')
    .orderBy('alias.kind')
    .orderBy('alias.alias')
    .limit(ALIASES_MAX + 1)
    .execute();
  if (rows.length > ALIASES_MAX) throw new Error(`there are more than ${ALIASES_MAX} aliases`);
  const entries = rows.map(({ model_id, trained_to_at, expires_at, ...row }): AliasEntry => {
    const parts = streamParts(row.stream);
    const dates = trained_to_at && expires_at && { trained_to_at, expires_at };
    return {
      ...row,
      ...parts,
      model: model_id && dates ? { model_id, ...parts, ...dates, stream: row.stream } : null,
    };
  });
  return { entries, byInstrument: Map.groupBy(entries, ({ instrument }) => instrument) };
}

/** The models of a kind of regime or forecast that these aliases name. */
export function namedModels(
  { entries }: RegistrySnapshot,
  aliases: readonly Alias[],
  tells: 'regimes' | 'forecasts',
): NamedModel[] {
  return entries.flatMap(({ alias, kind, model }) =>
    model && aliases.includes(alias) && (kind === 'regime') === (tells === 'regimes') ? [model] : [],
  );
}
