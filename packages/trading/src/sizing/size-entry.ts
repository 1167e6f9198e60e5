import type { SizingPolicy } from './sizing-policy.ts';

/** What is known of a slot and its account when it wants to enter. */
export interface SizingInputs {
  /** The share of equity that the strategy asks for. */
  readonly wished: number;
  /** Kelly's fraction as it was last computed; null while there were too few trades. */
  readonly kelly: number | null;
  /** Annualised volatility of the instrument; null where it is not known: then a volatility target refuses. */
  readonly volatility: number | null;
  /** Of the account's equity below its highest, from 0 to 1; null where it is not known: then a drawdown cut refuses. */
  readonly drawdown: number | null;
  /** The largest share that the risk limits leave, see `capByLimits`; null where no limits are asked. */
  readonly limitCap: number | null;
}

/** How large an entry is. */
export interface EntrySize {
  /** Share of equity, from 0 to `fractionMax`; 0 enters nothing. */
  readonly fraction: number;
  /**
   * Everything that made it smaller or could not be told, in the order in which it was applied: `fraction_max`, `kelly`,
   * `kelly_probe`, `kelly_too_few_trades`, `kelly_no_edge`, `volatility_target`, `volatility_unknown`, `drawdown_cut`, `drawdown_stop`,
   * `drawdown_unknown`, `limit_cap`, `wish_unusable`; a code may be followed by its number. `probe_least`: Kelly left less than
   * the least that can be ordered, and that is entered.
   */
  readonly reasons: readonly string[];
}

/** What one rule leaves of a fraction, and why; a rule that has nothing to say has no reason. */
interface Cut {
  readonly fraction: number;
  readonly reason: string | null;
}

/** How large an entry is, and every reason that made it smaller: each rule takes what the one before it left. */
export function sizeEntry(policy: SizingPolicy, inputs: SizingInputs): EntrySize {
  let fraction = inputs.wished;
  if (!(fraction > 0 && fraction <= 1)) return { fraction: 0, reasons: ['wish_unusable'] };
  const reasons: string[] = [];
  for (const cut of CUTS) {
    const next = cut(fraction, policy, inputs);
    fraction = next.fraction;
    if (next.reason !== null) reasons.push(next.reason);
    if (fraction === 0) break;
  }
  return { fraction, reasons };
}

const CUTS: readonly ((fraction: number, policy: SizingPolicy, inputs: SizingInputs) => Cut)[] = [
  (fraction, { fractionMax }) => atMost(fraction, fractionMax, 'fraction_max'),
  cutByKelly,
  cutByVolatility,
  cutByDrawdown,
  (fraction, _, { limitCap }) =>
    limitCap === null ? keep(fraction) : atMost(fraction, limitCap, 'limit_cap'),
];

/** Kelly's bet, but no less than the probe: who bets nothing learns nothing, and a bad record would be the last word. */
function cutByKelly(
  fraction: number,
  { kellyShare, probeShare }: SizingPolicy,
  { kelly }: SizingInputs,
): Cut {
  if (kellyShare === null) return keep(fraction);
  if (kelly === null) return { fraction, reason: 'kelly_too_few_trades' };
  const probe = probeShare * fraction;
  if (kelly < probe) return atMost(fraction, probe, 'kelly_probe');
  return kelly > 0 ? atMost(fraction, kelly, 'kelly') : { fraction: 0, reason: 'kelly_no_edge' };
}

function cutByVolatility(
  fraction: number,
  { volatilityTarget }: SizingPolicy,
  { volatility }: SizingInputs,
): Cut {
  if (volatilityTarget === null) return keep(fraction);
  if (volatility === null || !(volatility >= 0)) return { fraction: 0, reason: 'volatility_unknown' };
  return times(fraction, volatilityTarget / volatility, 'volatility_target');
}

function cutByDrawdown(fraction: number, { drawdownCut }: SizingPolicy, { drawdown }: SizingInputs): Cut {
  if (drawdownCut === null) return keep(fraction);
  if (drawdown === null || !(drawdown >= 0)) return { fraction: 0, reason: 'drawdown_unknown' };
  const { from, to } = drawdownCut;
  if (drawdown >= to) return { fraction: 0, reason: 'drawdown_stop' };
  return times(fraction, (to - drawdown) / (to - from), 'drawdown_cut');
}

function keep(fraction: number): Cut {
  return { fraction, reason: null };
}

function atMost(fraction: number, max: number, code: string): Cut {
  return fraction <= max ? keep(fraction) : { fraction: Math.max(0, max), reason: `${code} ${shown(max)}` };
}

function times(fraction: number, factor: number, code: string): Cut {
  return factor >= 1 ? keep(fraction) : { fraction: fraction * factor, reason: `${code} ${shown(factor)}` };
}

const SHOWN_DIGITS = 6;

/** As the decision log tells it. */
function shown(value: number): string {
  return String(Number(value.toPrecision(SHOWN_DIGITS)));
}
