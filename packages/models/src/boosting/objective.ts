import type { BoostingOptions } from './options.ts';

/** Where a probability is cut off, so that its logarithm is finite. */
const PROBABILITY_MIN = 1e-15;

/** What is minimised: the start score, derivatives of the loss by the score, the loss of a row, and what a score says. */
export interface Objective {
  startScore(labels: Float64Array): number;
  /** Writes the first and second derivative at each row's score. */
  derivatives(
    labels: Float64Array,
    scores: Float64Array,
    gradients: Float64Array,
    hessians: Float64Array,
  ): void;
  loss(label: number, score: number): number;
  prediction(score: number): number;
}

const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

const BINARY: Objective = {
  startScore: (labels) => {
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const inside = Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, share));
    return Math.log(inside / (1 - inside));
  },
  derivatives: (labels, scores, gradients, hessians) => {
    for (let row = 0; row < labels.length; row++) {
      const probability = logistic(scores[row]!);
      gradients[row] = probability - labels[row]!;
      hessians[row] = probability * (1 - probability);
    }
  },
  loss: (label, score) => {
    const probability = Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, logistic(score)));
    return -(label * Math.log(probability) + (1 - label) * Math.log(1 - probability));
  },
  prediction: logistic,
};

const REGRESSION: Objective = {
  startScore: (labels) => labels.reduce((sum, label) => sum + label, 0) / labels.length,
  derivatives: (labels, scores, gradients, hessians) => {
    for (let row = 0; row < labels.length; row++) gradients[row] = scores[row]! - labels[row]!;
    hessians.fill(1);
  },
  loss: (label, score) => (label - score) ** 2,
  prediction: (score) => score,
};

export function objectiveOf({ objective }: Pick<BoostingOptions, 'objective'>): Objective {
  return objective === 'binary' ? BINARY : REGRESSION;
}
