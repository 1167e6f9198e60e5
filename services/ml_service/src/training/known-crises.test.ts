import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter, regimeOf, stateMeanings } from '@aistock/hmm-ts';
import { modelFeatures, toPriceBar } from '@aistock/market';
import { PromotionPolicy } from '@aistock/promotion';
import { sp500, STREAM } from '../../test/sp500.ts';
import { loadArtefact } from '../registry/artefact.ts';
import { trainRegimes } from './train-regimes.ts';

const BARS = sp500();

/** Share of the days from a date up to and without another whose most volatile state is more likely than not, as of each day. */
function turbulence(states: readonly number[]): (from: string, to: string) => number {
  const { model } = trainRegimes(
    {
      places: { lake: { folder: '/nowhere' }, ingester: { url: 'http://nowhere', token: undefined } },
      stream: STREAM,
      wanted: { type: 'window', lastOpenMs: BARS.at(-1)!.openMs, barsMax: BARS.length, asOfMs: 4e12 },
      terms: {
        tells: 'regimes',
        algorithm: 'hmm_gaussian_diagonal',
        strategies: [],
        window_bars: BARS.length,
        window_bars_max: BARS.length,
        hyperparameters: { states, holdout_fraction: 0.2, restarts: 12 },
      },
      seed: 20_000_103,
      line: null,
      champion: null,
      quality: 'pass',
      policy: PromotionPolicy.parse({}),
      strategies: [],
    },
    BARS,
    () => undefined,
  );
  const { hmm } = loadArtefact(model.artefact.text, model.artefact.sha256);
  const { firstIndex, ...rows } = modelFeatures(BARS.map(toPriceBar));
  const { filtered } = filter(hmm, rows);
  const meanings = stateMeanings(hmm);
  const days = BARS.slice(firstIndex).map(({ openMs }, row) => ({
    openMs,
    risk: regimeOf(meanings, filtered.subarray(row * hmm.states, (row + 1) * hmm.states)).risk,
  }));
  return (from, to) => {
    const within = days.filter(({ openMs }) => openMs >= Date.parse(from) && openMs < Date.parse(to));
    return within.filter(({ risk }) => risk > 0.5).length / within.length;
  };
}

test('the worst months of three crises are in the most volatile state, and quiet years are not', () => {
  const share = turbulence([2, 3, 4]);
  const crises = {
    'dot-com': share('2002-07-01', '2002-11-01'),
    2008: share('2008-10-01', '2008-11-01'),
    2020: share('2020-03-01', '2020-04-01'),
  };
  for (const [crisis, days] of Object.entries(crises)) assert.ok(days > 0.5, `${crisis}: ${days}`);
  const quiet = { 2005: share('2005-01-01', '2006-01-01'), 2017: share('2017-01-01', '2018-01-01') };
  for (const [year, days] of Object.entries(quiet)) assert.ok(days < 0.5, `${year}: ${days}`);
});

test('with two states each crisis is turbulent as a whole; that of 2020 is in the hold-out', () => {
  const share = turbulence([2]);
  assert.ok(share('2000-01-01', '2003-01-01') > 0.5);
  assert.ok(share('2008-01-01', '2009-07-01') > 0.5);
  assert.ok(share('2020-03-01', '2020-04-18') > 0.5);
  assert.ok(share('2004-01-01', '2007-01-01') < 0.2);
});
