export { FIXED_SIZING, type SizingPolicy } from './sizing-policy.ts';
