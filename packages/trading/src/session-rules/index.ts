export { admitEntry, type EntryInputs } from './admit-entry.ts';
export { flattenAtMs, mustFlatten } from './must-flatten.ts';
export { sessionDayMs, sessionKind, workingSession, type SessionKind } from './session-kind.ts';
export { shapeOrder, type OrderShape, type OrderWish, type ShapedOrder } from './shape-order.ts';
