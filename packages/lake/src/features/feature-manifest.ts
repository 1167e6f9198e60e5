import { LakeFileError } from '../lake-file-error.ts';
import { featurePartPath, type FeaturePart, type StoredFeature } from './feature-part.ts';

const FORMAT = 'features/1';
/** Of one period; older ones are forgotten, and a question as of then is one that the store cannot answer. */
const SUPERSEDED_MAX = 12;

/** What of a stream the feature store has. A file that it does not name is none of the store. */
export interface FeatureManifest {
  readonly stream: string;
  /** The columns of each part, in their order. */
  readonly features: readonly StoredFeature[];
  /** One a period, ascending. */
  readonly parts: readonly FeaturePart[];
  /** What parts said before bars of theirs were restated: for those who ask as of then. */
  readonly superseded: readonly FeaturePart[];
}

export const emptyManifest = (stream: string, features: readonly StoredFeature[]): FeatureManifest => ({
  stream,
  features,
  parts: [],
  superseded: [],
});

/**
 * The manifest with a part in the place of the one of its period. What was after it followed on other bars and goes; where
 * other bars were learned since, it stays for those who ask as of then.
 * @param after the last period that still stands: parts of later ones go too, though they are before the part.
 */
export function withPart(
  manifest: FeatureManifest,
  part: FeaturePart,
  after: string = part.period,
): FeatureManifest {
  const stands = ({ period }: FeaturePart): boolean => period < part.period && period <= after;
  const replaced = manifest.parts.filter((old) => !stands(old));
  const history = replaced.filter((old) => old.revisedMs < part.revisedMs);
  const superseded = [...manifest.superseded, ...history].filter(
    (old, index, all) =>
      all.slice(index + 1).filter(({ period }) => period === old.period).length < SUPERSEDED_MAX,
  );
  return {
    ...manifest,
    parts: [...manifest.parts.filter(stands), part],
    superseded,
  };
}

/**
 * The parts that tell what was known as of a time, ascending: of each period the newest one that no later knowledge went
 * into, up to the first period that has none. Bars that were first published late count as known at their close, as
 * everywhere.
 */
export function partsAsOf({ parts, superseded }: FeatureManifest, asOfMs: number): readonly FeaturePart[] {
  const versions = Map.groupBy([...superseded, ...parts], ({ period }) => period);
  const chosen: FeaturePart[] = [];
  for (const period of [...versions.keys()].toSorted()) {
    const known = (versions.get(period) ?? []).filter(({ revisedMs }) => revisedMs <= asOfMs);
    if (known.length === 0) break;
    chosen.push(known.reduce((newest, part) => (part.revisedMs >= newest.revisedMs ? part : newest)));
  }
  return chosen;
}

export const manifestToJson = (manifest: FeatureManifest): string =>
  JSON.stringify({ format: FORMAT, ...manifest });

/** @throws LakeFileError `corrupt` for anything that is not a whole manifest of the stream. */
export function manifestFromJson(text: string, stream: string): FeatureManifest {
  const json = parsed(text);
  if (json['format'] !== FORMAT || json['stream'] !== stream) throw corrupt(stream);
  const { features, parts, superseded } = json;
  if (!isListOf(features, isFeature)) throw corrupt(stream);
  const isPartOfStream = (value: unknown): value is FeaturePart => isPart(value, stream);
  if (!isListOf(parts, isPartOfStream) || !isListOf(superseded, isPartOfStream)) throw corrupt(stream);
  return { stream, features, parts, superseded };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new LakeFileError('corrupt', 'a manifest of features is no JSON', { cause: error });
  }
}

const corrupt = (stream: string): LakeFileError =>
  new LakeFileError('corrupt', `the manifest of the features of ${stream} is not one`);

const isListOf = <T>(value: unknown, is: (entry: unknown) => entry is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);

const isFeature = (value: unknown): value is StoredFeature => {
  const { name, version } = value as StoredFeature;
  return typeof name === 'string' && Number.isSafeInteger(version);
};

const NUMBERS = ['rows', 'bytes', 'firstOpenMs', 'lastOpenMs', 'revisedMs'] as const;

function isPart(value: unknown, stream: string): value is FeaturePart {
  const part = value as FeaturePart;
  return (
    typeof part.inputsSha256 === 'string' &&
    NUMBERS.every((name) => Number.isSafeInteger(part[name])) &&
    part.path === featurePartPath(stream, part.period, part.partId)
  );
}
