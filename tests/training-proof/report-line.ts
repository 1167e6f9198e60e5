import { MODEL_WARM_UP_BARS } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import type { Span } from './freeze.ts';
import type { ProcessedFile } from './processed-files.ts';
import type { CarriedReport, FileReport, ReadReport } from './proof-report.ts';
import type { Reading } from './ingester-proxy.ts';
import type { LineModel } from './trained-line.ts';

export function reportFiles(files: readonly ProcessedFile[]): FileReport {
  const once = files.filter(
    ({ processed, undone, runs, runsWithItsClaim }) =>
      processed === 1 && undone === 0 && runs === 1 && runsWithItsClaim === 1,
  );
  return {
    files: files.length,
    bars: files.reduce((sum, { rows }) => sum + rows, 0),
    once: once.length,
    stale: files.filter(({ runs, runsWithItsClaim }) => runs > runsWithItsClaim).length,
  };
}

/** As ml_service stores it. */
interface CarriedJson {
  readonly bars: number;
  readonly online: { readonly rows: number };
  readonly tail: readonly { readonly openMs: number }[];
}

/**
 * What the models of a line carried.
 * @param control - the last model of the line that nobody disturbed.
 */
export function reportCarried(
  models: readonly LineModel[],
  { control, lastOpenMs }: { readonly control: LineModel | undefined; readonly lastOpenMs: number },
): CarriedReport {
  const carried = models.map((model) => JSON.parse(model.carried) as CarriedJson);
  let rows = -MODEL_WARM_UP_BARS;
  const wrong = models.filter((model, index) => {
    rows += model.rows;
    return carried[index]!.bars !== rows || carried[index]!.online.rows !== rows;
  });
  const last = carried.at(-1);
  return {
    warmUpBars: MODEL_WARM_UP_BARS,
    bars: last?.bars ?? 0,
    rows: last?.online.rows ?? 0,
    wrongCounts: wrong.length,
    endsWithLastBar: last?.tail.length === MODEL_WARM_UP_BARS && last.tail.at(-1)?.openMs === lastOpenMs,
    sha256: sha256Hex(models.at(-1)?.carried ?? ''),
    controlSha256: sha256Hex(control?.carried ?? 'none'),
  };
}

/**
 * What was read of a line, held against when its files were processed.
 * @param unaware - when a process that had been stopped went on with a run that was no longer its own.
 */
export function reportReading(
  readings: readonly Reading[],
  files: readonly ProcessedFile[],
  unaware: readonly Span[],
): ReadReport {
  const late = readings.filter(({ fromMs, toMs, atMs }) =>
    files.some(
      ({ firstOpenMs, lastOpenMs, processedMs }) =>
        firstOpenMs < toMs && lastOpenMs >= fromMs && processedMs !== null && processedMs < atMs,
    ),
  );
  const again = late.filter(
    ({ atMs }) => !unaware.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs),
  );
  return {
    bars: readings.reduce((sum, { bars }) => sum + bars, 0),
    again: again.length,
    unaware: late.length - again.length,
  };
}
