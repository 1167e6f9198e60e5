export { bracketExits, exitStep, type BracketExit, type ExitStep } from './bracket.ts';
export { exitClientOrderId, exitDecisionId } from './exit-identity.ts';
export { applyFillToOrder, Overfill, type OrderProgress } from './fills.ts';
export { clientOrderId, decisionId, type Decision } from './identity.ts';
export { SEND_DELAY_MS_MAX } from './send-window.ts';
export {
  IllegalTransition,
  isFinal,
  isOpenAtVenue,
  nextStatus,
  ORDER_TRANSITIONS,
  type OrderEvent,
} from './transitions.ts';
