export { createCore } from './create-core.ts';
export type { BooksView, ClosedTrade, Core, LoggedDecision, Question } from './core-port.ts';
export { baseCurrency, quoteCurrency } from './instruments/currency.ts';
export type { Decision, SelectionDecision, SizeVerdict, SlotDecision } from './decision.ts';
export type { CoreEvent, FillEvent, OrderEvent, StreamQuality, TradingState } from './events.ts';
export { instrumentRules, quantityOnLot, type InstrumentRules } from './instruments/instrument-rules.ts';
export { DEFAULT_ORDERS, orderPolicy, type OrderPolicy } from './order-policy.ts';
export type { OrderRequest, RequestedProtection } from './order-request.ts';
export type { CoreSetup, ModelUse, SlotParams, SlotSetup, StreamSetup } from './setup.ts';
