export { selectionDue, selectSlots, type SlotChoice, type SlotStanding } from './select-slots.ts';
export { DEFAULT_SELECTION, selectionPolicy, type SelectionPolicy } from './selection-policy.ts';
