import {
  instrumentLimits,
  withBooks,
  withLimits,
  withPrice,
  market,
  held,
  exits,
  stop,
  trailing,
  bracket,
  type Case,
} from './review-order.fixture.ts';

/** What only stops, brackets and hours can be denied for. */
export const ORDER_TYPE_CASES: readonly Case[] = [
  {
    name: "off the tick with a protection's price",
    code: 'price_off_tick',
    order: bracket({ target_price: '110.25' }),
    passes: { order: bracket({ target_price: '110.5' }) },
  },
  {
    name: 'a stop-limit far from its stop',
    code: 'price_outside_collar',
    order: { order_type: 'stop_limit', stop_price: '102', limit_price: '107.5' },
    passes: { order: { order_type: 'stop_limit', stop_price: '102', limit_price: '107' } },
  },
  {
    name: 'a buy stop that the market has reached',
    code: 'stop_on_wrong_side',
    order: stop('100'),
    passes: { order: stop('100.5') },
  },
  {
    name: 'a sell stop above the market',
    code: 'stop_on_wrong_side',
    order: { ...stop('100'), side: 'sell' },
    passes: { order: { ...stop('99.5'), side: 'sell' } },
  },
  {
    name: 'a stop that is far away',
    code: 'stop_too_far',
    order: stop('105.5'),
    passes: { order: stop('105') },
  },
  {
    name: 'a wide trailing stop, which the limits may allow',
    code: 'stop_too_far',
    order: trailing(501),
    passes: {
      order: trailing(501),
      change: withLimits({
        instruments: { 'BTC/USDT': { ...instrumentLimits, stop_distance_bps_max: 501 } },
      }),
    },
  },
  {
    name: "a bracket's stop too far from its entry",
    code: 'stop_too_far',
    order: bracket({ stop_price: '94.5' }),
    passes: { order: bracket({ stop_price: '95' }) },
  },
  {
    name: "a bracket's stop above what its limit may pay",
    code: 'protection_on_wrong_side',
    order: { limit_price: '98', ...bracket({ stop_price: '98' }) },
    passes: { order: { limit_price: '98', ...bracket({ stop_price: '97.5' }) } },
  },
  {
    name: "a sell's target above its entry",
    code: 'protection_on_wrong_side',
    order: { side: 'sell', limit_price: '100', ...bracket({ target_price: '100' }) },
    passes: { order: { side: 'sell', limit_price: '100', ...bracket({ target_price: '99.5' }) } },
  },
  {
    name: 'an immediate order that waits',
    code: 'time_in_force_not_allowed',
    order: { ...stop('101'), time_in_force: 'fok' },
    passes: { order: { time_in_force: 'fok' } },
  },
  {
    name: 'a market order before the open',
    code: 'extended_hours_not_allowed',
    order: { ...market, extended_hours: true },
    change: { inRegularHours: false },
    passes: { order: { extended_hours: true }, change: { inRegularHours: false } },
  },
  {
    name: 'a market order while the hours are not known',
    code: 'extended_hours_not_allowed',
    order: { ...market, extended_hours: true },
    change: { inRegularHours: undefined },
    passes: { order: { ...market, extended_hours: true } },
  },
  {
    name: 'notional by the stop price',
    code: 'notional_above_max',
    order: { ...stop('155'), quantity: '10' },
    change: withPrice('150'),
    passes: { order: { ...stop('150'), quantity: '10' }, change: withPrice('149.5') },
  },
  {
    name: 'reduce-only beside the exits of a bracket, which count once',
    code: 'reduce_only_would_increase',
    order: { side: 'sell', reduce_only: true },
    change: withBooks({ ...held('5'), ...exits('3.1') }),
    passes: {
      order: { side: 'sell', reduce_only: true },
      change: withBooks({ ...held('5'), ...exits('3') }),
    },
  },
];
