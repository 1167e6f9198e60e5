import { ServiceError, type Handlers } from '@aistock/service-kit';
import { riskGateApi, type Limits, type Output } from '@aistock/shared';
import { ACCOUNT } from './fake-executor.ts';
import { INSTRUMENT, STREAM } from './fake-series.ts';

const { kills, limits } = riskGateApi;
export const fakeGateApi = { kills, limits } as const;

export const LIMITS: Limits = {
  account: ACCOUNT,
  clock: 'replay',
  strategies: ['trend_following', 'momentum_breakout'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '1000000',
  instruments: {
    [INSTRUMENT]: {
      price_stream: STREAM,
      price_age_ms_max: 8 * 86_400_000,
      tick_size: '0.01',
      lot_size: '0.01',
      quantity_max: '1000000',
      notional_min: '0',
      notional_max: '1000000',
      collar_bps: 1_000,
      stop_distance_bps_max: 9_000,
      gross_notional_max: '1000000',
    },
  },
};

/** A risk_gate that tells its limits and the kill switches that a test has set. */
export class FakeGate {
  kills: Output<typeof riskGateApi.kills>['kills'] = [];
  limits: Limits = LIMITS;
  /** Whether it answers at all. */
  isSilent = false;

  readonly handlers: Handlers<typeof fakeGateApi> = {
    kills: async () => {
      if (this.isSilent) throw new ServiceError('broken', 500, 'nothing is known');
      return { kill_epoch: this.kills.length, kills: this.kills };
    },
    limits: async () => ({ accounts: [{ version: 1, set_ms: 0, by: 'test', limits: this.limits }] }),
  };
}
