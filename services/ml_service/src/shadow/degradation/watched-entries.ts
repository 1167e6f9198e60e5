import type { AliasEntry, NamedModel, RegistrySnapshot } from '../../registry/snapshot.ts';

/** A model that answers. */
export type Watched = AliasEntry & { readonly model: NamedModel };

/** Models of regimes that answer, each once for a place: a champion that is also live is watched as the champion. */
export function watchedEntries({ entries }: RegistrySnapshot): Watched[] {
  const named = entries.filter(
    (entry): entry is Watched =>
      entry.kind === 'regime' && entry.alias !== 'challenger' && entry.model !== null,
  );
  return named.filter(({ alias, stream, strategy, model }) => {
    const isSame = (other: Watched) =>
      other.alias === 'champion' &&
      other.stream === stream &&
      other.strategy === strategy &&
      other.model.model_id === model.model_id;
    return alias === 'champion' || !named.some(isSame);
  });
}
