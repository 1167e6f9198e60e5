import { BARS_PER_FILE } from './proof-terms.ts';
import type { ProofReport, QualityReport } from './proof-report.ts';

/** By how much online EM may be worse than the best refit. */
const LOSS_MAX = 0.01;
/** After fewer bars chance decides which of the two is better: what comes next is as new to both. */
const JUDGED_BARS_MIN = 50_000;

/** What was promised and not kept, in words; none where all is proved. */
export function faultsOf(report: ProofReport): string[] {
  const faults: readonly (readonly [boolean, string])[] = [
    ...aboutDisturbance(report),
    ...aboutFiles(report),
    ...aboutCarried(report),
    ...aboutReading(report),
    ...aboutQuality(report),
  ];
  return faults.filter(([isOne]) => isOne).map(([, words]) => words);
}

/** By how much online EM is worse than the best refit, as a share of that one; negative where it is better. */
export function lossOf({ online, refits }: QualityReport): number {
  const best = Math.max(...refits.map(({ mean }) => mean));
  return (best - online) / Math.abs(best);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

type Found = readonly (readonly [boolean, string])[];

function aboutDisturbance({ terms, disturbed, regime }: ProofReport): Found {
  const { killedUnread, killedRead, freezes, gaveUp } = disturbed;
  const kills = killedUnread + killedRead;
  const problems = Object.entries({ ...regime.undisturbed.problems, ...regime.disturbed.problems });
  return [
    [kills !== terms.kills, `${kills} kills in runs, not ${terms.kills}`],
    [
      freezes !== terms.freezes,
      `${freezes} processes were stopped until their run was taken over, not ${terms.freezes}`,
    ],
    [gaveUp !== freezes, `${freezes - gaveUp} stopped processes did not say that they gave their run up`],
    [
      problems.length > 0,
      `/regime told of ${problems.map(([code, count]) => `${code} ${count}`).join(', ')}`,
    ],
  ];
}

function aboutFiles({ terms, files, runs }: ProofReport): Found {
  return [
    [files.files !== terms.files, `${files.files} files, not ${terms.files}`],
    [
      files.bars !== terms.files * BARS_PER_FILE,
      `${files.bars} bars in files, not ${terms.files * BARS_PER_FILE}`,
    ],
    [files.once !== files.files, `${files.files - files.once} files were not processed exactly once`],
    [files.stale > 0, `${files.stale} files were finished under a claim that was lost`],
    [runs.modelsTooMany > 0, `${runs.modelsTooMany} models too many`],
    [runs.endedAgain > 0, `runs ended ${runs.endedAgain} times again`],
    [runs.failed.length > 0, `runs ended as ${runs.failed.join(', ')}`],
  ];
}

function aboutCarried({ files, carried }: ProofReport): Found {
  const expected = files.bars - carried.warmUpBars;
  return [
    [carried.bars !== expected, `${carried.bars} bars are counted, not ${expected}`],
    [carried.rows !== expected, `the statistics are of ${carried.rows} rows, not ${expected}`],
    [
      carried.wrongCounts > 0,
      `${carried.wrongCounts} models count other bars than those of the files so far`,
    ],
    [!carried.endsWithLastBar, 'what is carried does not end with the last bar'],
    [carried.sha256 !== carried.controlSha256, 'the line that nobody disturbed carries something else'],
  ];
}

function aboutReading({ files, runs, read }: ProofReport): Found {
  const lost = runs.attempts - runs.trained;
  return [
    [read.bars < files.bars, `only ${read.bars} bars were seen being read, of ${files.bars}`],
    [lost === 0 && read.bars > files.bars, `${read.bars - files.bars} bars too many were read`],
    [read.again > 0, `bars were read again in ${read.again} answers after they had been counted`],
  ];
}

/** A model that is not there is no better. */
function aboutQuality({ quality }: ProofReport): Found {
  const loss = lossOf(quality);
  const isJudged = quality.trainedBars >= JUDGED_BARS_MIN;
  return [[isJudged && !(loss <= LOSS_MAX), `online EM is ${percent(loss)} worse than a refit`]];
}
