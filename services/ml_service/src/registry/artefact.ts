import {
  modelFromJson,
  statisticsFromJson,
  type Hmm,
  type HmmJson,
  type SufficientStatisticsJson,
} from '@aistock/hmm-ts';
import type { PriceBar } from '@aistock/market';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { z } from 'zod';

const FORMAT = 'regime_model/1';

/** What a model is: all that is needed to filter bars with it. */
export interface Artefact {
  readonly hmm: Hmm;
  readonly features: readonly string[];
  /** Open time of the bar that its filter starts from; regimes of a bar are then the same for whoever asks, whenever. */
  readonly filterFromMs: number;
}

export interface StoredArtefact {
  readonly text: string;
  readonly sha256: string;
}

/** The artefact as canonical JSON, with the hash that names it. */
export function storeArtefact(
  hmm: HmmJson,
  features: readonly string[],
  filterFromMs: number,
): StoredArtefact {
  const text = canonicalJson({ format: FORMAT, hmm, features, filter_from_ms: filterFromMs });
  return { text, sha256: sha256Hex(text) };
}

const ArtefactJson = z.strictObject({
  format: z.literal(FORMAT),
  hmm: z.unknown(),
  features: z.array(z.string()),
  filter_from_ms: z.int().min(0),
});

/** @throws Error where the text is not what its hash says, or no sound model. */
export function loadArtefact(text: string, sha256: string): Artefact {
  if (sha256Hex(text) !== sha256) throw new Error(`the stored artefact is not ${sha256}`);
  const json = ArtefactJson.parse(JSON.parse(text));
  return { hmm: modelFromJson(json.hmm), features: json.features, filterFromMs: json.filter_from_ms };
}

const PriceBarJson = z.strictObject({
  openMs: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});

const CarriedJson = z.strictObject({
  statistics: z.unknown(),
  tail: z.array(PriceBarJson),
  trained_from_ms: z.int().min(0),
  bars: z.int().positive(),
});

/** What a later update needs of the bars that came before it, so that none of them is read again. */
export interface Carried {
  readonly statistics: SufficientStatisticsJson;
  /** The last bars, as many as the features need to warm up. */
  readonly tail: readonly PriceBar[];
  /** Open time of the first bar in the statistics. */
  readonly trainedFromMs: number;
  /** Bars in the statistics over all runs of the line. */
  readonly bars: number;
}

export function storeCarried({ statistics, tail, trainedFromMs, bars }: Carried): string {
  return canonicalJson({ statistics, tail, trained_from_ms: trainedFromMs, bars });
}

/** @throws ZodError or HmmError where the text is not what {@link storeCarried} made. */
export function loadCarried(text: string): Carried {
  const json = CarriedJson.parse(JSON.parse(text));
  statisticsFromJson(json.statistics);
  return {
    statistics: json.statistics as SufficientStatisticsJson,
    tail: json.tail,
    trainedFromMs: json.trained_from_ms,
    bars: json.bars,
  };
}
