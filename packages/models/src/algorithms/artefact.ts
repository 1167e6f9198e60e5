import type { Artefact } from '../algorithm.ts';
import type { Dataset, FeatureRef } from '../dataset.ts';
import { ModelError } from '../model-error.ts';
import { fieldsOf, listOf, numberOf, oneOf, textOf, type Fields } from './fields.ts';

const FORMAT = 'model/1';

/**
 * A model's parameters with whose they are and what they read. Through JSON text once, so that the artefact in hand is to
 * the bit what a stored one comes back as.
 */
export function sealed(algorithm: string, reads: readonly FeatureRef[], model: object): Artefact {
  const features = reads.map(({ name, version }) => ({ name, version }));
  return JSON.parse(JSON.stringify({ format: FORMAT, algorithm, features, model })) as Artefact;
}

export interface Opened {
  readonly reads: readonly FeatureRef[];
  /** Not read any further yet. */
  readonly model: Fields;
}

/** @throws ModelError `bad_model` for what is no artefact, or that of another algorithm. */
export function opened(algorithm: string, artefact: Artefact): Opened {
  const fields = fieldsOf(artefact, 'artefact');
  oneOf(fields, 'format', [FORMAT]);
  oneOf(fields, 'algorithm', [algorithm]);
  const reads = listOf(fields, 'features').map((each) => {
    const ref = fieldsOf(each, 'feature');
    return { name: textOf(ref, 'name'), version: numberOf(ref, 'version') };
  });
  if (reads.length === 0) throw new ModelError('bad_model', 'features must name what the model reads');
  return { reads, model: fieldsOf(fields['model'], 'model') };
}

/** The columns that a model reads, in its order. @throws ModelError `bad_shape` where the dataset lacks one. */
export function columnsFor(reads: readonly FeatureRef[], dataset: Dataset): readonly Float64Array[] {
  return reads.map(({ name, version }) => {
    const at = dataset.features.findIndex((each) => each.name === name && each.version === version);
    if (at < 0)
      throw new ModelError(
        'bad_shape',
        `features must hold ${name} in version ${version}; there are ${tell(dataset.features)}`,
        'features',
      );
    return dataset.columns[at]!;
  });
}

const tell = (features: readonly FeatureRef[]): string =>
  features.map(({ name, version }) => `${name} ${version}`).join(', ') || 'none';
