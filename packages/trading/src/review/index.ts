export type { Warning, WarningCode } from './warning.ts';
