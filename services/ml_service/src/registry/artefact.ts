import {
  modelFromJson,
  onlineFromJson,
  startOnline,
  statisticsFromJson,
  type Hmm,
  type HmmJson,
  type Observations,
  type OnlineEm,
  type OnlineEmJson,
} from '@aistock/hmm-ts';
import type { PriceBar } from '@aistock/market';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { z } from 'zod';
import { assertGolden, GoldenRows, goldenRows } from './golden-rows.ts';

const FORMAT = 'regime_model/2';
/** Without golden rows. */
const OLD_FORMAT = 'regime_model/1';

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

/** The artefact as canonical JSON, with the hash that names it, and with what the model makes of its last rows. */
export function storeArtefact(
  hmm: HmmJson,
  features: readonly string[],
  { filterFromMs, rows }: { readonly filterFromMs: number; readonly rows: Observations },
): StoredArtefact {
  const golden = goldenRows(modelFromJson(hmm), rows);
  const text = canonicalJson({ format: FORMAT, hmm, features, filter_from_ms: filterFromMs, golden });
  return { text, sha256: sha256Hex(text) };
}

const common = { hmm: z.unknown(), features: z.array(z.string()), filter_from_ms: z.int().min(0) };
const ArtefactJson = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal(FORMAT), ...common, golden: GoldenRows }),
  z.strictObject({ format: z.literal(OLD_FORMAT), ...common }),
]);

/**
 * Loads a model and tries it on the rows that it was stored with.
 * @throws Error where the text is not what its hash says, or no sound model, or one that gives other numbers than it gave.
 */
export function loadArtefact(text: string, sha256: string): Artefact {
  if (sha256Hex(text) !== sha256) throw new Error(`the stored artefact is not ${sha256}`);
  const json = ArtefactJson.parse(JSON.parse(text));
  const hmm = modelFromJson(json.hmm);
  if (json.format === FORMAT) assertGolden(hmm, json.golden);
  return { hmm, features: json.features, filterFromMs: json.filter_from_ms };
}

const PriceBarJson = z.strictObject({
  openMs: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});

const line = { tail: z.array(PriceBarJson), trained_from_ms: z.int().min(0), bars: z.int().positive() };
const CarriedJson = z.union([
  z.strictObject({ online: z.unknown(), ...line }),
  // Of models from before there was a state: their statistics are what one begins with.
  z.strictObject({ statistics: z.unknown(), ...line }),
]);

/** What a later update needs of the bars that came before it, so that none of them is read again. */
export interface Carried {
  readonly online: OnlineEm;
  /** The last bars, as many as the features need to warm up. */
  readonly tail: readonly PriceBar[];
  /** Open time of the first bar that was learned from. */
  readonly trainedFromMs: number;
  /** Bars learned from over all runs of the line. */
  readonly bars: number;
}

export function storeCarried({
  online,
  tail,
  trainedFromMs,
  bars,
}: Omit<Carried, 'online'> & { readonly online: OnlineEmJson }): string {
  return canonicalJson({ online, tail, trained_from_ms: trainedFromMs, bars });
}

/**
 * @param model that the text was stored with.
 * @throws ZodError or HmmError where the text is not what {@link storeCarried} made.
 */
export function loadCarried(text: string, model: Hmm): Carried {
  const json = CarriedJson.parse(JSON.parse(text));
  return {
    online:
      'online' in json
        ? onlineFromJson(json.online)
        : startOnline(model, statisticsFromJson(json.statistics)),
    tail: json.tail,
    trainedFromMs: json.trained_from_ms,
    bars: json.bars,
  };
}
