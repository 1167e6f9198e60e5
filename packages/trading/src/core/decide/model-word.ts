import type { Signal } from '../../strategies/index.ts';
import type { SlotParams } from '../setup.ts';
import { toldRegime } from '../slot-regime.ts';
import type { Slot } from '../slot-state.ts';

/** What the model makes of an entry: by how much its size is multiplied, 0 forbids it, and why. */
export interface ModelWord {
  readonly factor: number;
  readonly reason: string | null;
}

const SILENT: ModelWord = { factor: 1, reason: null };

/**
 * What the regime's model says to a signal, as the slot's `ModelUse` has it. Without a model the rule trades, with
 * conservative or given parameters; those that were chosen on the word of a model enter nothing without one. A strategy
 * that no regime speaks for or against is not judged by it.
 */
export function modelWord(
  slot: Slot,
  { params, source }: SlotParams,
  direction: Signal['direction'],
): ModelWord {
  const { modelUse, strategy } = slot.setup;
  if (modelUse === 'off') return SILENT;
  const told = toldRegime(slot);
  if (!told?.regime)
    return { factor: source === 'chosen' ? 0 : 1, reason: missingReason(told?.missing ?? null) };
  const { regime } = told;
  const fit = strategy.modelFit(regime, params, direction);
  if (fit === null) return SILENT;
  if (modelUse === 'veto') return fit >= 0 ? SILENT : { factor: 0, reason: 'model_vetoed' };
  if (!(fit > 0)) return { factor: 0, reason: 'model_disagrees' };
  return modelUse === 'confirm' ? SILENT : { factor: Math.min(fit, 1), reason: `model_scale ${fit}` };
}

/** `model_missing`, `model_demoted`, `model_not_signed_off`, `model_expired`, `model_in_sample` or `model_unreachable`. */
function missingReason(missing: string | null): string {
  return `model_${missing === null || missing === 'none' ? 'missing' : missing}`;
}
