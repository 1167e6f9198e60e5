export type { SelectionPolicy } from './selection-policy.ts';
