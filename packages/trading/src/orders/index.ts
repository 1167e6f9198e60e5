export { applyFillToOrder, Overfill, type OrderProgress } from './fills.ts';
export { clientOrderId, decisionId, type Decision } from './identity.ts';
export {
  IllegalTransition,
  isFinal,
  isOpenAtVenue,
  nextStatus,
  ORDER_TRANSITIONS,
  type OrderEvent,
} from './transitions.ts';
