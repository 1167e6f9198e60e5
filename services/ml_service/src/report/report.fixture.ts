import { formatVerifierKey, signReport, type NoteKey } from '@aistock/audit-log';
import { canonicalJson, sha256Hex, type ModelReport } from '@aistock/shared';
import type { StoredReport } from './store/sign-report.ts';

const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2020, 0, 1);
const SHA256 = '9d1f0c6b1f4b8b0e0a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081';

const seriesOf = (count: number): ModelReport['closes'] => ({
  at_ms: Array.from({ length: count }, (_, index) => FROM_MS + index * DAY_MS),
  value: Array.from({ length: count }, (_, index) => 100 + 20 * Math.sin(index / 50)),
});

const gate = (name: string, pass: boolean) => ({
  name,
  pass,
  value: 0.25,
  limit: 0.5,
  detail: `${name} in a sentence`,
});

/** For tests: the report of a regime model with every section, parts of it changed. */
export function reportOf(parts: Partial<ModelReport> = {}): ModelReport {
  return {
    format: 'model_report/1',
    model_id: '842fb970-0670-4f4d-b39a-f450aa793ed6',
    run_id: '0b7e1a52-5d3a-4c51-9a2e-2f6d1c9b7a10',
    champion_id: '00000000-0000-4000-8000-000000000001',
    created_ms: FROM_MS + 500 * DAY_MS,
    expires_ms: FROM_MS + 530 * DAY_MS,
    artefact_sha256: SHA256,
    code_version: '0.1.0+3f2a',
    card: cardOf(),
    bars: 300,
    quality: 'warn',
    holdout: {
      from_ms: FROM_MS + 300 * DAY_MS,
      to_ms: FROM_MS + 399 * DAY_MS,
      bars: 100,
      log_likelihood: 2.5,
    },
    judgements: judgementsOf(),
    differences: [
      {
        against: 'no_memory',
        horizon_bars: 1,
        on: 'holdout',
        mean: 0.2,
        standard_error: 0.05,
        rows: 100,
      },
      {
        against: 'champion',
        horizon_bars: 1,
        on: 'holdout',
        mean: -0.1,
        standard_error: 0,
        rows: 100,
      },
    ],
    champion: {
      expired: true,
      labels: { rows: 100, changed: 0.1, flips: 0.02, champion_flips: 0.03 },
    },
    calibrations: [
      {
        event: 'large_move',
        rows: 100,
        brier: 0.2,
        brier_of_base_rate: 0.25,
        reliability: 0.001,
        bins: [
          { told: 0.1, followed: 0.12, rows: 50 },
          { told: 0.6, followed: 0.5, rows: 50 },
        ],
      },
      null,
    ],
    drifts: [{ feature: 'return_log', psi: 0.1, psi_of_chance: 0.2, ks: 0.05, ks_of_chance: 0.1 }, null],
    leak: { compared: 1_000, differing: 0 },
    closes: seriesOf(400),
    regimes: regimesOf(),
    forecast: null,
    ...parts,
  };
}

/** For tests: the report of a model that forecasts. */
export function forecastReportOf(measure: 'coefficient' | 'gain_nats'): ModelReport {
  const card = { ...cardOf(), kind: 'direction' as const, target: { name: 'rises_ahead', horizon_bars: 5 } };
  return reportOf({
    card,
    champion_id: null,
    champion: null,
    regimes: null,
    forecast: {
      told: [
        { name: 'probability', series: seriesOf(400) },
        { name: 'nothing', series: seriesOf(0) },
      ],
      weights: [{ name: 'return_log', measure, value: 0.5 }],
    },
  });
}

/** The report as it is stored. */
export function storedOf(report: ModelReport, signer: NoteKey): StoredReport {
  const text = canonicalJson(report);
  const sha256 = sha256Hex(text);
  const note = signReport({ modelId: report.model_id, sha256 }, signer);
  return { report: text, sha256, note, verifier_key: formatVerifierKey(signer) };
}

function cardOf(): ModelReport['card'] {
  return {
    algorithm: 'hmm_gaussian_diagonal',
    kind: 'regime',
    stream: 'csv:SP500:1d',
    features: [
      { name: 'return_log', version: 1 },
      { name: 'volatility_log', version: 2 },
    ],
    target: null,
    trained_from_ms: FROM_MS,
    trained_to_ms: FROM_MS + 299 * DAY_MS,
    rows: 300,
    file_hashes: Array.from({ length: 20 }, () => SHA256),
    hyperparameters: { states: [2, 3], restarts: 12 },
    seed: 7,
    parameters: 12,
    converged: false,
    metrics: { log_likelihood_nats: 1_234.5 },
    warnings: ['EM did not converge in 500 iterations'],
  };
}

function judgementsOf(): ModelReport['judgements'] {
  return [
    { strategy: '*', passed: true, gates: [gate('finite', true)], problem: null, performance: null },
    {
      strategy: 'trend_following',
      passed: false,
      gates: [gate('finite', true), gate('sharpe', false)],
      problem: null,
      performance: performanceOf(),
    },
    {
      strategy: 'mean_reversion',
      passed: false,
      gates: [gate('sharpe', false)],
      problem: 'too few bars',
      performance: null,
    },
  ];
}

function regimesOf(): ModelReport['regimes'] {
  const state = { stationary_share: 0.5, dwell_bars: 20, means: [0.001, -4.5], deviations: [0.01, 0.2] };
  return {
    states: [
      { ...state, name: 'calm, rising', transition: [0.95, 0.05] },
      { ...state, name: 'turbulent, falling', transition: [0, 1], dwell_bars: null, stationary_share: null },
    ],
    candidates: [
      { states: 2, bic: -100, log_likelihood: 60, converged: true },
      { states: 3, bic: null, log_likelihood: null, converged: false },
    ],
    fit_path: [1, 2, 2.5, 2.6],
    ribbon: [
      { from_ms: FROM_MS, name: 'rising' },
      { from_ms: FROM_MS + 200 * DAY_MS, name: 'turbulent' },
    ],
    next_return: { r2_train: 0.01, r2_holdout: null, weights: { trend: 0.1, risk: null, intercept: 0 } },
  };
}

function performanceOf(): ModelReport['judgements'][number]['performance'] {
  return {
    folds: 4,
    preset: 'slow_means',
    sharpe: 0.7,
    drawdown: 0.08,
    trades: 42,
    win_rate: 0.5,
    trials: 12,
    deflated_sharpe: 0.4,
    overfitting: null,
    slippage_bps: 2.5,
    scenarios: [{ name: 'fee_2', total_return: -0.05 }],
    equity: seriesOf(200),
  };
}
