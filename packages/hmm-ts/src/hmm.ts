import type { CategoricalHmm, CategoricalSize } from './families/categorical-hmm.ts';
import type { MixtureHmm, MixtureSize } from './families/mixture-hmm.ts';
import type { StudentTHmm, StudentTSize } from './families/student-t-hmm.ts';
import type { GaussianHmm, GaussianSize } from './gaussian-hmm.ts';

/** A hidden Markov model of any family of emissions; `family` tells which. */
export type Hmm = GaussianHmm | StudentTHmm | CategoricalHmm | MixtureHmm;

/** What a model is like before it has numbers: family, states, features and what else its family needs to know. */
export type ModelSize = GaussianSize | StudentTSize | CategoricalSize | MixtureSize;

export type Family = Hmm['family'];
