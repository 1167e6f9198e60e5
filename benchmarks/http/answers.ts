import type { Output, ParamDecision, riskGateApi } from '@aistock/shared';

/** Answers of the size and shape of the real ones, for servers that only answer. */
export const DECISION: ParamDecision = {
  config_id: '6a2f41a3-c54c-4b3a-9d0e-8f2b7c1d5e90',
  strategy: 'momentum_breakout',
  instrument: 'SP500',
  preset_id: 'balanced',
  params: { lookback_bars: 30, breakout_atr: 0.2, atr_bars: 14, stop_atr: 2, risk_fraction: 0.2 },
  propensity: 0.5,
  propensities: { balanced: 0.5, cautious: 0.25, bold: 0.25 },
  mode: 'thompson',
  fallback: null,
  features: { hmm_trend: 0.7, vol: 0.3 },
  model_id: null,
  schema_sha256: '0'.repeat(64),
  decided_ms: 1_600_000_000_000,
  expires_ms: 1_600_000_300_000,
};

export const VERDICT: Output<typeof riskGateApi.check> = {
  verdict: 'approved',
  permit: {
    permit_id: '6a2f41a3-c54c-4b3a-9d0e-8f2b7c1d5e90',
    key_id: '0d9c1b7e-2f64-4c55-8a3e-6b1f9d2c7a40',
    terms_sha256: '0'.repeat(64),
    limits_version: 1,
    kill_epoch: 0,
    issued_ms: 1_600_000_000_000,
    expires_ms: 1_600_000_002_000,
    signature: 'A'.repeat(88),
  },
};
