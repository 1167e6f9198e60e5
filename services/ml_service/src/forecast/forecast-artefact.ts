import { algorithmNamed, type Artefact, type Dataset, type FeatureRef, type Follower } from '@aistock/models';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { z } from 'zod';
import type { StoredArtefact } from '../registry/artefact.ts';

const FORMAT = 'forecast_model/1';
const GOLDEN_ROWS_MAX = 16;
/** Another machine's exponential function may end in another digit; a broken model does not stay within it. */
const DIFFERENCE_MAX = 1e-9;

export interface ForecastTarget {
  readonly name: string;
  readonly horizonBars: number;
}

/** What a model that forecasts is: all that is needed to follow bars with it. */
export interface ForecastModel {
  readonly algorithm: string;
  readonly artefact: Artefact;
  readonly target: ForecastTarget | null;
  /** Open time of the bar that its features and its filter start from; answers are then the same for whoever asks. */
  readonly filterFromMs: number;
}

/** The model as canonical JSON, with the hash that names it, and with what it makes of the last rows that it was fitted on. */
export function storeForecastModel(model: ForecastModel, dataset: Dataset): StoredArtefact {
  const { algorithm, artefact, target, filterFromMs } = model;
  const follower = algorithmNamed(algorithm).follow(artefact);
  const rows = lastRows(dataset, follower.reads);
  const text = canonicalJson({
    format: FORMAT,
    algorithm,
    artefact,
    target: target && { name: target.name, horizon_bars: target.horizonBars },
    filter_from_ms: filterFromMs,
    golden: { rows, values: followed(follower, rows) },
  });
  return { text, sha256: sha256Hex(text) };
}

/** Null is NaN, which JSON does not have. */
const Cells = z.array(z.array(z.number().nullable()).min(1)).min(1).max(GOLDEN_ROWS_MAX);
const ForecastModelJson = z.strictObject({
  format: z.literal(FORMAT),
  algorithm: z.string(),
  artefact: z.record(z.string(), z.unknown()),
  target: z.strictObject({ name: z.string(), horizon_bars: z.int().positive() }).nullable(),
  filter_from_ms: z.int().min(0),
  golden: z.strictObject({ rows: Cells, values: Cells }),
});

/**
 * Loads a model and tries it on the rows that it was stored with.
 * @throws Error where the text is not what its hash says, or no sound model, or one that tells other numbers than it told.
 */
export function loadForecastModel(text: string, sha256: string): ForecastModel {
  if (sha256Hex(text) !== sha256) throw new Error(`the stored artefact is not ${sha256}`);
  const { algorithm, artefact, target, filter_from_ms, golden } = ForecastModelJson.parse(JSON.parse(text));
  const now = followed(algorithmNamed(algorithm).follow(artefact), golden.rows);
  if (!isSame(now, golden.values)) throw new Error('the model does not tell what it told when it was stored');
  return {
    algorithm,
    artefact,
    target: target && { name: target.name, horizonBars: target.horizon_bars },
    filterFromMs: filter_from_ms,
  };
}

type Cell = number | null;

function lastRows({ features, columns, openMs }: Dataset, reads: readonly FeatureRef[]): Cell[][] {
  const own = reads.map(({ name }) => columns[features.findIndex((each) => each.name === name)]!);
  const from = Math.max(0, openMs.length - GOLDEN_ROWS_MAX);
  return Array.from({ length: openMs.length - from }, (_, row) =>
    own.map((column) => cell(column[from + row]!)),
  );
}

function followed(follower: Follower, rows: readonly (readonly Cell[])[]): Cell[][] {
  return rows.map((row) => {
    const { values } = follower.step(
      Float64Array.from(row, (value) => value ?? Number.NaN),
      Number.NaN,
    );
    return Array.from(values, cell);
  });
}

const cell = (value: number): Cell => (Number.isNaN(value) ? null : value);

const isSame = (now: readonly (readonly Cell[])[], then: readonly (readonly Cell[])[]): boolean =>
  now.length === then.length &&
  now.every(
    (row, at) =>
      row.length === then[at]!.length && row.every((value, column) => isClose(value, then[at]![column]!)),
  );

const isClose = (now: Cell, then: Cell): boolean =>
  now === then ||
  (now !== null && then !== null && Math.abs(now - then) <= DIFFERENCE_MAX * Math.max(1, Math.abs(then)));
