import { challenge } from './challenge.fixture.ts';
import { generatedMarket } from './generated-market.fixture.ts';

const WALK_BARS = 1_200;
const DEVIATION = 0.01;
/** Of the seeds of two walks. */
const SEED_STEP = 1_000;

export interface WalkTerms {
  readonly instruments: number;
  readonly seed: number;
  /** See the generated market. */
  readonly spread: number;
}

export interface JudgedWalks extends WalkTerms {
  /** Models that every gate let pass, though nothing is to be known. */
  readonly promoted: number;
  /** Models that a comparison with a single Gaussian alone would have let pass. */
  readonly betterThanOneState: number;
}

/** Trains and judges a model for each of so many random walks. */
export function judgeRandomWalks({ instruments, seed, spread }: WalkTerms): JudgedWalks {
  const judged = Array.from({ length: instruments }, (_, instrument) =>
    challenge({
      bars: generatedMarket({
        bars: WALK_BARS,
        regimes: [{ mean: 0, deviation: DEVIATION }],
        stay: 1,
        seed: SEED_STEP * seed + instrument,
        spread,
      }),
    }),
  );
  return {
    instruments,
    seed,
    spread,
    promoted: judged.filter(({ promote }) => promote).length,
    betterThanOneState: judged.filter(({ failed }) => !failed.includes('better_than_one_state')).length,
  };
}
