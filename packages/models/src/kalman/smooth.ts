import { ModelError } from '../model-error.ts';
import { eachStep, emptyPath, write, type PriceSeries, type TrendPath } from './filter.ts';
import { diffuseStart, type TrendModel } from './model.ts';
import { observe, type TrendState } from './state.ts';
import { retreat, step } from './step.ts';

/** With fewer, level and velocity stay unknown somewhere. */
const PRICES_MIN = 3;

/**
 * Level and velocity at each bar given all bars, later ones included: for reports, never for decisions. Two filters, one from
 * each end, meet at every bar (Fraser & Potter 1969); both start exact diffuse, so no end is favoured.
 * @throws ModelError `bad_model`, `bad_shape`, `bad_option`, `not_finite`, or `too_few_rows` below three prices.
 */
export function smooth(model: TrendModel, series: PriceSeries, start = diffuseStart(model)): TrendPath {
  const { prices, bars } = series;
  const known = prices.reduce((count, price) => count + Number(!Number.isNaN(price)), 0);
  if (known < PRICES_MIN)
    throw new ModelError('too_few_rows', `${known} prices; smoothing needs ${PRICES_MIN}`);
  const filtered: TrendState[] = [];
  eachStep(model, series, start, (_, seen) => filtered.push(seen.state));
  const path = emptyPath(prices.length);
  let later = diffuseStart(model);
  for (let bar = prices.length - 1; bar >= 0; bar--) {
    write(path, bar, met(filtered[bar]!, later));
    if (bar > 0) later = retreat(model, step(model, later, prices[bar]!, 0).state, bars?.[bar] ?? 1);
  }
  return path;
}

/** Two independent estimates of one state: the one that knows less observes the other, one coordinate after the other. */
function met(earlier: TrendState, later: TrendState): TrendState {
  const [into, from] = later.diffuse ? [later, earlier] : [earlier, later];
  if (from.diffuse) throw new ModelError('too_few_rows', 'too few prices on either side of a bar');
  const { level, cross, velocity } = from.spread;
  if (later.diffuse?.level === 1 && later.diffuse.cross === 0) return earlier;
  const slope = level === 0 ? 0 : cross / level;
  const seen = observe(into, { ofLevel: 1, ofVelocity: 0, value: from.level, variance: level }).state;
  return observe(seen, {
    ofLevel: -slope,
    ofVelocity: 1,
    value: from.velocity - slope * from.level,
    variance: Math.max(0, velocity - slope * cross),
  }).state;
}
