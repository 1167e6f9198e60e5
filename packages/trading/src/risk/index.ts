export type {
  AccountBooks,
  ActiveKill,
  EarlierOrder,
  HeldPosition,
  OpenOrder,
  ReferencePrice,
  RiskInputs,
} from './inputs.ts';
export { instrumentExposure, isReducing } from './exposure.ts';
export { killScopes } from './kill-scopes.ts';
export { signedBytes, termsSha256 } from './permit.ts';
export { reviewOrder, type RiskVerdict } from './review-order.ts';
export { limitsProblems } from './limits-problems.ts';
export { distanceBps, stopDistanceBpsMax } from './stop-distance.ts';
