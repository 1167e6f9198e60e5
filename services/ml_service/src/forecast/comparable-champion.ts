import { FeatureError, featuresOf, type Feature } from '@aistock/features';
import { algorithmNamed } from '@aistock/models';
import type { StoredArtefact } from '../registry/artefact.ts';
import { loadForecastModel, type ForecastModel } from './forecast-artefact.ts';
import type { ForecastInputs } from './forecast-inputs.ts';

export interface ComparableChampion {
  readonly model: ForecastModel;
  readonly features: readonly Feature[];
}

/**
 * The champion, where it speaks of the same thing as its challenger: the same target, or the same feature that is followed.
 * Null for one that does not, and for one that reads what is not computed any more: nothing of it can be compared.
 * @throws Error for an artefact that is not what it was when it was stored.
 */
export function comparableChampion(
  { text, sha256 }: StoredArtefact,
  { target, features: own }: ForecastInputs,
): ComparableChampion | null {
  const model = loadForecastModel(text, sha256);
  const features = known(model);
  if (!features) return null;
  const isSame = target
    ? model.target?.name === target.name && model.target.horizonBars === target.horizonBars
    : model.target === null && features[0]?.name === own[0]?.name;
  return isSame ? { model, features } : null;
}

function known({ algorithm, artefact }: ForecastModel): readonly Feature[] | null {
  try {
    return featuresOf(algorithmNamed(algorithm).follow(artefact).reads);
  } catch (error) {
    if (error instanceof FeatureError) return null;
    throw error;
  }
}
