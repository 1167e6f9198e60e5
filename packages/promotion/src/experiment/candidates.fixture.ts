import { modelFeatures, type PriceBar } from '@aistock/market';
import { challenge, type Challenged } from './challenge.fixture.ts';
import { generatedMarket } from './generated-market.fixture.ts';

const CALM = { mean: 0.000_6, deviation: 0.006 };
const WILD = { mean: -0.001, deviation: 0.02 };
const BARS = 4_000;
/** As many as a champion knows that learned too little. */
const CHAMPION_BARS = 250;
const NOISE_SEED = 999;

/** A market that goes to and fro between two regimes. */
export const regimeMarket = (bars: number, seed: number): PriceBar[] =>
  generatedMarket({ bars, regimes: [CALM, WILD], stay: 0.97, seed });

/** Features of which the second is a function of the next bar's return. */
function seesTomorrow(bars: readonly PriceBar[]) {
  const rows = modelFeatures(bars);
  const leaked = rows.values.slice();
  for (let at = 1; at + 1 < leaked.length; at += 2) leaked[at] = Math.tanh(300 * leaked[at + 1]!);
  return { ...rows, values: leaked };
}

export interface Candidates {
  /** Fitted on a random walk. */
  readonly noise: Challenged;
  /** Its features know the next bar. */
  readonly leaked: Challenged;
  /** The champion once more. */
  readonly again: Challenged;
  /** Fitted on the whole market. */
  readonly better: Challenged;
}

/** Four models that challenge the same champion on the same market. */
export function judgeCandidates(seed: number): Candidates {
  const bars = regimeMarket(BARS, seed);
  const learnedTooLittle = { bars, states: [2], fittedOn: bars.slice(0, CHAMPION_BARS) };
  const champion = challenge(learnedTooLittle).model;
  const noise = generatedMarket({
    bars: BARS,
    regimes: [{ mean: 0, deviation: WILD.deviation }],
    stay: 1,
    seed: NOISE_SEED + seed,
  });
  return {
    noise: challenge({ bars, champion, fittedOn: noise }),
    leaked: challenge({ bars, champion, features: seesTomorrow, states: [4] }),
    again: challenge({ ...learnedTooLittle, champion }),
    better: challenge({ bars, champion }),
  };
}
