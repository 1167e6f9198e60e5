export type { CorporateAction } from '@aistock/market';
