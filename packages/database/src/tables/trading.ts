import type {
  BracketPart,
  CostModel,
  Denial,
  OrderStatus,
  OrderType,
  Protection,
  Side,
  TimeInForce,
} from '@aistock/shared';
import type { Generated, GeneratedAlways, JSONColumnType, Selectable } from 'kysely';

/** The tables and views of schema `trading`, by qualified name. */
export interface TradingTables {
  'trading.account': AccountTable;
  'trading.orders': OrdersTable;
  'trading.fill': FillTable;
  'trading.position': PositionTable;
  'trading.mark': MarkTable;
  'trading.paper_account': PaperAccountTable;
  'trading.paper_clock': PaperClockTable;
  'trading.paper_position': PaperPositionTable;
  'trading.paper_order': PaperOrderTable;
  'trading.paper_fill': PaperFillTable;
  'trading.account_state': AccountStateView;
  'trading.position_exposure': PositionExposureView;
  'trading.order_exposure': OrderExposureView;
  'trading.client_order': ClientOrderView;
}

interface AccountTable {
  account: string;
  venue: string;
  currency: string;
  start_cash: string;
  cash: string;
  fill_cursor: string | null;
  reconciled: Generated<boolean>;
  differences: Generated<string[]>;
  reconciled_at: Date | null;
  opened_at: GeneratedAlways<Date>;
}
export type AccountRow = Selectable<AccountTable>;

interface OrdersTable {
  order_id: string;
  account: string;
  decision_id: string;
  client_order_id: string;
  intent_sha256: string;
  strategy: string;
  slot: string;
  instrument: string;
  stream: string;
  leg: string;
  config_id: string;
  side: Side;
  order_type: OrderType;
  quantity: string;
  limit_price: string | null;
  stop_price: string | null;
  trail_bps: number | null;
  time_in_force: TimeInForce;
  extended_hours: boolean;
  reduce_only: boolean;
  protection: JSONColumnType<Protection | null, string | null, never>;
  parent_order_id: string | null;
  part: BracketPart | null;
  as_of: Date;
  status: Generated<OrderStatus>;
  filled_quantity: Generated<string>;
  average_price: string | null;
  fees: Generated<string>;
  permit_id: string | null;
  send_started_at: Date | null;
  broker_order_id: string | null;
  denials: JSONColumnType<Denial[], string | undefined, string>;
  reason: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
export type OrderRow = Selectable<OrdersTable>;

interface FillTable {
  venue: string;
  fill_id: string;
  order_id: string;
  quantity: string;
  price: string;
  fee: string;
  fee_currency: string;
  filled_at: Date;
  applied_at: GeneratedAlways<Date>;
}
export type FillRow = Selectable<FillTable>;

interface PositionTable {
  account: string;
  instrument: string;
  quantity: string;
  cost: string;
  average_price: string | null;
  realised_pnl: string;
  fees: string;
}
export type PositionRow = Selectable<PositionTable>;

interface MarkTable {
  account: string;
  instrument: string;
  price: string;
  marked_at: Date;
}

interface PaperAccountTable {
  account: string;
  currency: string;
  start_cash: string;
  cash: string;
  costs: JSONColumnType<CostModel, string, never>;
}
export type PaperAccountRow = Selectable<PaperAccountTable>;

interface PaperClockTable {
  account: string;
  stream: string;
  clock: Date;
  last_bar_open: Date | null;
}

interface PaperPositionTable {
  account: string;
  instrument: string;
  quantity: string;
}

interface PaperOrderTable {
  broker_order_id: string;
  order_number: GeneratedAlways<number>;
  account: string;
  client_order_id: string;
  instrument: string;
  stream: string;
  side: Side;
  order_type: OrderType;
  quantity: string;
  limit_price: string | null;
  stop_price: string | null;
  trail_bps: number | null;
  time_in_force: TimeInForce;
  extended_hours: boolean;
  reduce_only: boolean;
  protection: JSONColumnType<Protection | null, string | null, never>;
  filled: Generated<string>;
  triggered: Generated<boolean>;
  resting: Generated<boolean>;
  best_price: string | null;
  parent_broker_order_id: string | null;
  part: BracketPart | null;
  placed_at: Date;
  status: Generated<'working' | 'filled' | 'cancelled' | 'expired' | 'rejected'>;
  reason: string | null;
}
export type PaperOrderRow = Selectable<PaperOrderTable>;

interface PaperFillTable {
  fill_number: GeneratedAlways<number>;
  account: string;
  broker_order_id: string;
  quantity: string;
  price: string;
  fee: string;
  fee_currency: string;
  filled_at: Date;
}

interface AccountStateView {
  account: string;
  venue: string;
  cash: string;
  reconciled: boolean;
}

interface PositionExposureView {
  account: string;
  instrument: string;
  quantity: string;
}

interface OrderExposureView {
  account: string;
  client_order_id: string;
  instrument: string;
  side: Side;
  quantity: string;
  limit_price: string | null;
  stop_price: string | null;
  bracket: string | null;
}

interface ClientOrderView {
  account: string;
  client_order_id: string;
}
