import {
  categoricalHmm,
  createRandom,
  gaussianHmm,
  mixtureHmm,
  sampleEmission,
  studentTHmm,
  type EmissionOptions,
  type Hmm,
  type Observations,
} from '../src/index.ts';

const chain = {
  start: [0.6, 0.4],
  transition: [
    [0.95, 0.05],
    [0.1, 0.9],
  ],
};
const means = [
  [-1, 10],
  [1.5, 14],
];

export interface Truth {
  readonly model: Hmm;
  readonly options: EmissionOptions;
  readonly parameters: number;
}

/** Of each family two states, calm and wild, and the free parameters of the family for them; the chain has three. */
export const TRUTHS: Readonly<Record<string, Truth>> = {
  spherical: {
    model: gaussianHmm('spherical', { ...chain, means, covariances: [[0.5], [2]] }),
    options: { covariance: 'spherical' },
    parameters: 3 + 4 + 2,
  },
  diagonal: {
    model: gaussianHmm('diagonal', {
      ...chain,
      means,
      covariances: [
        [0.5, 1],
        [2, 4],
      ],
    }),
    options: { covariance: 'diagonal' },
    parameters: 3 + 4 + 4,
  },
  tied: {
    model: gaussianHmm('tied', {
      ...chain,
      means,
      covariances: [
        [
          [1, 0.8],
          [0.8, 2],
        ],
        [
          [1, 0.8],
          [0.8, 2],
        ],
      ],
    }),
    options: { covariance: 'tied' },
    parameters: 3 + 4 + 3,
  },
  full: {
    model: gaussianHmm('full', {
      ...chain,
      means,
      covariances: [
        [
          [0.5, 0.3],
          [0.3, 1],
        ],
        [
          [2, -1],
          [-1, 3],
        ],
      ],
    }),
    options: { covariance: 'full' },
    parameters: 3 + 4 + 6,
  },
  'Student-t': {
    model: studentTHmm({
      ...chain,
      means,
      dispersions: [
        [0.3, 0.6],
        [1, 2],
      ],
      freedoms: [4, 6],
    }),
    options: { family: 'student_t' },
    parameters: 3 + 4 + 4 + 2,
  },
  categorical: {
    model: categoricalHmm({
      ...chain,
      probabilities: [
        [
          [0.85, 0.1, 0.05],
          [0.9, 0.1],
        ],
        [
          [0.1, 0.3, 0.6],
          [0.3, 0.7],
        ],
      ],
    }),
    options: { family: 'categorical', symbols: [3, 2] },
    parameters: 3 + 4 + 2,
  },
  mixture: {
    model: mixtureHmm({
      ...chain,
      shares: [
        [0.3, 0.7],
        [0.5, 0.5],
      ],
      means: [
        [
          [-3, 10],
          [0, 11],
        ],
        [
          [3, 20],
          [8, 12],
        ],
      ],
      variances: [
        [
          [0.3, 0.5],
          [0.2, 0.8],
        ],
        [
          [1, 1],
          [2, 2],
        ],
      ],
    }),
    options: { family: 'mixture', components: 2 },
    parameters: 3 + 2 + 8 + 8,
  },
};

/** Rows of the model in two sequences, some values of them missing. */
export function generate(model: Hmm, rows: number, seed: number, missing = 0): Observations {
  const random = createRandom(seed);
  const lengths = [Math.floor(rows / 3), rows - Math.floor(rows / 3)];
  const values = lengths.flatMap((length) => {
    let state = random.uniform() < model.start[0]! ? 0 : 1;
    return Array.from({ length }, () => {
      const row = sampleEmission(model, state, random);
      if (random.uniform() >= model.transition[state * 2 + state]!) state = 1 - state;
      return Array.from(row, (value) => (random.uniform() < missing ? Number.NaN : value));
    }).flat();
  });
  return {
    dimensions: model.dimensions,
    values: Float64Array.from(values),
    lengths,
    missing: missing > 0 ? 'marginalise' : 'refuse',
  };
}
