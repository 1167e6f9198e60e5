-- The executor's books (accounts, orders, fills, positions) and, apart from them, those of the paper venue.
-- Reconciliation compares the two, so neither may be derived from the other.

CREATE DOMAIN trading.amount AS numeric CHECK (VALUE > '-Infinity' AND VALUE < 'Infinity');
COMMENT ON DOMAIN trading.amount IS 'A decimal amount of any scale; NaN and infinities are refused.';

CREATE FUNCTION trading.lock_account(account text) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('trading.account:' || account, 0));
$$;
COMMENT ON FUNCTION trading.lock_account IS 'Held until the end of the transaction by whoever changes the books of an account and by risk_gate while it checks an order against them: what it reads cannot change under it.';
REVOKE ALL ON FUNCTION trading.lock_account FROM PUBLIC;

CREATE TABLE trading.account (
  account text PRIMARY KEY CHECK (account ~ '^[a-z][a-z0-9_]{0,47}$'),
  venue text NOT NULL CHECK (venue ~ '^[a-z][a-z0-9_]{0,47}$'),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3,6}$'),
  start_cash trading.amount NOT NULL CHECK (start_cash >= 0),
  cash trading.amount NOT NULL,
  fill_cursor text,
  reconciled boolean NOT NULL DEFAULT false,
  differences text[] NOT NULL DEFAULT '{}',
  reconciled_at timestamptz,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (NOT reconciled OR cardinality(differences) = 0)
);
COMMENT ON TABLE trading.account IS 'Accounts that the executor trades, with its own record of their cash.';
COMMENT ON COLUMN trading.account.cash IS 'Start cash plus every fill applied, in the account''s currency.';
COMMENT ON COLUMN trading.account.fill_cursor IS 'How far the venue''s list of fills was applied, in the venue''s own terms; null before the first.';
COMMENT ON COLUMN trading.account.reconciled IS 'Whether the last comparison with the venue found no difference. False at every start: no new order leaves before.';

CREATE TABLE trading.orders (
  order_id uuid PRIMARY KEY,
  account text NOT NULL REFERENCES trading.account,
  decision_id text NOT NULL CHECK (decision_id ~ '^[0-9a-f]{64}$'),
  client_order_id text NOT NULL CHECK (client_order_id ~ '^[a-z0-9]{16,36}$'),
  intent_sha256 text NOT NULL CHECK (intent_sha256 ~ '^[0-9a-f]{64}$'),
  strategy text NOT NULL,
  instrument text NOT NULL,
  stream text NOT NULL,
  leg text NOT NULL,
  config_id uuid NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  order_type text NOT NULL CHECK (order_type IN ('market', 'limit')),
  quantity trading.amount NOT NULL CHECK (quantity > 0),
  limit_price trading.amount CHECK (limit_price > 0),
  time_in_force text NOT NULL CHECK (time_in_force IN ('day', 'gtc', 'ioc')),
  reduce_only boolean NOT NULL,
  as_of timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CHECKED', 'SENDING', 'WORKING', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'DENIED', 'UNKNOWN')),
  filled_quantity trading.amount NOT NULL DEFAULT 0 CHECK (filled_quantity >= 0 AND filled_quantity <= quantity),
  average_price trading.amount CHECK (average_price > 0),
  fees trading.amount NOT NULL DEFAULT 0 CHECK (fees >= 0),
  permit_id uuid UNIQUE,
  send_started_at timestamptz,
  broker_order_id text,
  denials jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(denials) = 'array'),
  reason text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (account, decision_id),
  UNIQUE (account, client_order_id),
  CHECK ((order_type = 'limit') = (limit_price IS NOT NULL)),
  CHECK ((status = 'FILLED') = (filled_quantity = quantity)),
  CHECK (status NOT IN ('SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED', 'FILLED', 'REJECTED')
         OR (permit_id IS NOT NULL AND send_started_at IS NOT NULL))
);
COMMENT ON TABLE trading.orders IS 'Order intents and what became of them. The row is there before anything is asked or sent.';
COMMENT ON COLUMN trading.orders.intent_sha256 IS 'Hash of the intent''s canonical JSON: the same decision with other terms is refused.';
COMMENT ON COLUMN trading.orders.as_of IS 'When the decision was made, by the clock of the account.';
COMMENT ON COLUMN trading.orders.permit_id IS 'The permit that it was sent with; unique, so that no permit is used twice.';
COMMENT ON COLUMN trading.orders.send_started_at IS 'Committed before the first byte leaves. From then on the venue may know the order.';
COMMENT ON COLUMN trading.orders.updated_at IS 'Last change of state.';
CREATE INDEX orders_by_age ON trading.orders (created_at DESC);
CREATE INDEX orders_not_final ON trading.orders (account, status)
  WHERE status IN ('PENDING', 'CHECKED', 'SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED');

CREATE TABLE trading.fill (
  venue text NOT NULL,
  fill_id text NOT NULL,
  order_id uuid NOT NULL REFERENCES trading.orders,
  quantity trading.amount NOT NULL CHECK (quantity > 0),
  price trading.amount NOT NULL CHECK (price > 0),
  fee trading.amount NOT NULL CHECK (fee >= 0),
  filled_at timestamptz NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (venue, fill_id)
);
COMMENT ON TABLE trading.fill IS 'Executions applied to orders, positions and cash; the key makes each count once.';
COMMENT ON COLUMN trading.fill.fee IS 'In the account''s currency.';
CREATE INDEX fill_by_order ON trading.fill (order_id);

CREATE TABLE trading.position (
  account text NOT NULL REFERENCES trading.account,
  instrument text NOT NULL,
  quantity trading.amount NOT NULL,
  cost trading.amount NOT NULL,
  average_price trading.amount CHECK (average_price > 0),
  realised_pnl trading.amount NOT NULL,
  fees trading.amount NOT NULL CHECK (fees >= 0),
  PRIMARY KEY (account, instrument),
  CHECK ((quantity = 0) = (average_price IS NULL))
);
COMMENT ON TABLE trading.position IS 'The executor''s record of positions: every fill applied, by average cost.';
COMMENT ON COLUMN trading.position.quantity IS 'Above zero long, below zero short.';
COMMENT ON COLUMN trading.position.cost IS 'What was paid for the open quantity, exact; below zero for a short.';
COMMENT ON COLUMN trading.position.realised_pnl IS 'Profit of what was closed, before fees, in the account''s currency.';

CREATE TABLE trading.mark (
  account text NOT NULL REFERENCES trading.account,
  instrument text NOT NULL,
  price trading.amount NOT NULL CHECK (price > 0),
  marked_at timestamptz NOT NULL,
  PRIMARY KEY (account, instrument)
);
COMMENT ON TABLE trading.mark IS 'Close of the last bar seen for an instrument, by the clock of the account: what positions are valued at.';

-- The paper venue's books.

CREATE TABLE trading.paper_account (
  account text PRIMARY KEY CHECK (account ~ '^[a-z][a-z0-9_]{0,47}$'),
  currency text NOT NULL,
  start_cash trading.amount NOT NULL CHECK (start_cash > 0),
  cash trading.amount NOT NULL,
  fee_bps double precision NOT NULL CHECK (fee_bps >= 0 AND fee_bps <= 1000),
  slippage_bps double precision NOT NULL CHECK (slippage_bps >= 0 AND slippage_bps <= 1000)
);
COMMENT ON TABLE trading.paper_account IS 'Accounts at the paper venue, by its own record.';

CREATE TABLE trading.paper_clock (
  account text NOT NULL REFERENCES trading.paper_account,
  stream text NOT NULL,
  clock timestamptz NOT NULL,
  last_bar_open timestamptz,
  PRIMARY KEY (account, stream)
);
COMMENT ON TABLE trading.paper_clock IS 'How far each stream was replayed for a paper account. Never goes back.';
COMMENT ON COLUMN trading.paper_clock.last_bar_open IS 'Open of the last bar that orders were tried against; no bar is tried twice.';

CREATE TABLE trading.paper_position (
  account text NOT NULL REFERENCES trading.paper_account,
  instrument text NOT NULL,
  quantity trading.amount NOT NULL,
  PRIMARY KEY (account, instrument)
);
COMMENT ON TABLE trading.paper_position IS 'Holdings at the paper venue; below zero short.';

CREATE TABLE trading.paper_order (
  broker_order_id text PRIMARY KEY,
  account text NOT NULL REFERENCES trading.paper_account,
  client_order_id text NOT NULL,
  instrument text NOT NULL,
  stream text NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  order_type text NOT NULL CHECK (order_type IN ('market', 'limit')),
  quantity trading.amount NOT NULL CHECK (quantity > 0),
  limit_price trading.amount CHECK (limit_price > 0),
  time_in_force text NOT NULL CHECK (time_in_force IN ('day', 'gtc', 'ioc')),
  placed_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'working' CHECK (status IN ('working', 'filled', 'cancelled', 'expired')),
  reason text,
  UNIQUE (account, client_order_id)
);
COMMENT ON TABLE trading.paper_order IS 'Orders at the paper venue, kept for ever: its history is complete.';
COMMENT ON COLUMN trading.paper_order.placed_at IS 'By the clock of the account; bars that opened before it cannot fill the order.';
CREATE INDEX paper_order_working ON trading.paper_order (account, stream) WHERE status = 'working';

CREATE TABLE trading.paper_fill (
  fill_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL REFERENCES trading.paper_account,
  broker_order_id text NOT NULL REFERENCES trading.paper_order,
  quantity trading.amount NOT NULL CHECK (quantity > 0),
  price trading.amount NOT NULL CHECK (price > 0),
  fee trading.amount NOT NULL CHECK (fee >= 0),
  filled_at timestamptz NOT NULL
);
COMMENT ON TABLE trading.paper_fill IS 'Executions at the paper venue. Numbers of one account come in order: they are taken under the lock of its row.';
CREATE INDEX paper_fill_by_account ON trading.paper_fill (account, fill_number);

GRANT SELECT, INSERT, UPDATE ON trading.account, trading.orders, trading.position, trading.mark TO aistock_executor;
GRANT SELECT, INSERT ON trading.fill TO aistock_executor;
GRANT SELECT, INSERT, UPDATE ON trading.paper_account, trading.paper_clock, trading.paper_position, trading.paper_order TO aistock_executor;
GRANT SELECT, INSERT ON trading.paper_fill TO aistock_executor;
GRANT EXECUTE ON FUNCTION trading.lock_account TO aistock_executor, aistock_risk_gate;

-- What risk_gate sees of the books.

CREATE VIEW trading.account_state AS
  SELECT account, venue, cash, reconciled FROM trading.account;
COMMENT ON VIEW trading.account_state IS 'For risk_gate: cash, and whether the books agree with the venue.';

CREATE VIEW trading.position_exposure AS
  SELECT account, instrument, quantity FROM trading.position WHERE quantity <> 0;
COMMENT ON VIEW trading.position_exposure IS 'For risk_gate: open positions.';

CREATE VIEW trading.order_exposure AS
  SELECT account, client_order_id, instrument, side, quantity - filled_quantity AS quantity, limit_price
  FROM trading.orders WHERE status IN ('SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED');
COMMENT ON VIEW trading.order_exposure IS 'For risk_gate: what may still fill, orders of unknown outcome included.';

CREATE VIEW trading.client_order AS
  SELECT account, client_order_id FROM trading.orders WHERE status <> 'PENDING';
COMMENT ON VIEW trading.client_order IS 'For risk_gate: client order ids that are taken.';

GRANT USAGE ON SCHEMA trading TO aistock_risk_gate;
GRANT SELECT ON trading.account_state, trading.position_exposure, trading.order_exposure, trading.client_order TO aistock_risk_gate;
