-- Stops, brackets and what else an order can say. Orders of before stay as they are.

ALTER TABLE trading.orders
  ADD COLUMN slot text CHECK (slot ~ '^[a-z][a-z0-9_]{0,47}$'),
  ADD COLUMN stop_price trading.amount CHECK (stop_price > 0),
  ADD COLUMN trail_bps double precision CHECK (trail_bps > 0 AND trail_bps < 10000),
  ADD COLUMN extended_hours boolean NOT NULL DEFAULT false,
  ADD COLUMN protection jsonb CHECK (jsonb_typeof(protection) = 'object'),
  ADD COLUMN parent_order_id uuid REFERENCES trading.orders,
  ADD COLUMN part text CHECK (part IN ('stop', 'target')),
  DROP CONSTRAINT orders_order_type_check,
  DROP CONSTRAINT orders_time_in_force_check,
  DROP CONSTRAINT orders_check1,
  DROP CONSTRAINT orders_check3,
  ADD CONSTRAINT orders_order_type_check CHECK (order_type IN ('market', 'limit', 'stop', 'stop_limit', 'trailing_stop')),
  ADD CONSTRAINT orders_time_in_force_check CHECK (time_in_force IN ('day', 'gtc', 'ioc', 'fok')),
  ADD CONSTRAINT orders_limit_of_type CHECK ((order_type IN ('limit', 'stop_limit')) = (limit_price IS NOT NULL)),
  ADD CONSTRAINT orders_stop_of_type CHECK ((order_type IN ('stop', 'stop_limit')) = (stop_price IS NOT NULL)
    OR (order_type = 'trailing_stop' AND parent_order_id IS NOT NULL)),
  ADD CONSTRAINT orders_trail_of_type CHECK ((order_type = 'trailing_stop') = (trail_bps IS NOT NULL)),
  ADD CONSTRAINT orders_protection_of_entry CHECK (protection IS NULL OR (NOT reduce_only AND parent_order_id IS NULL)),
  ADD CONSTRAINT orders_exit_of_bracket CHECK (num_nulls(parent_order_id, part) IN (0, 2)
    AND (parent_order_id IS NULL OR (reduce_only AND permit_id IS NULL))),
  ADD CONSTRAINT orders_permitted CHECK (status NOT IN ('SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED', 'FILLED', 'REJECTED')
    OR parent_order_id IS NOT NULL OR (permit_id IS NOT NULL AND send_started_at IS NOT NULL)),
  ADD CONSTRAINT orders_one_of_each_part UNIQUE (parent_order_id, part);
UPDATE trading.orders SET slot = strategy;
ALTER TABLE trading.orders ALTER COLUMN slot SET NOT NULL;
COMMENT ON COLUMN trading.orders.slot IS 'Which of the account''s strategies on their instruments decided; of orders of before slots the strategy.';
COMMENT ON COLUMN trading.orders.trail_bps IS 'Distance of a trailing stop from the best price seen.';
COMMENT ON COLUMN trading.orders.extended_hours IS 'Whether it may also fill before and after the regular hours.';
COMMENT ON COLUMN trading.orders.protection IS 'The exits of a bracket, as the contract has them; null for an order without.';
COMMENT ON COLUMN trading.orders.parent_order_id IS 'The entry that this exit of a bracket protects. Its permit is the exit''s as well: the exits are part of its terms.';
COMMENT ON COLUMN trading.orders.quantity IS 'What was asked for; of an exit what of its entry has filled, once something has.';

ALTER TABLE trading.fill ADD COLUMN fee_currency text;
UPDATE trading.fill SET fee_currency = account.currency
  FROM trading.orders JOIN trading.account USING (account) WHERE orders.order_id = fill.order_id;
ALTER TABLE trading.fill ALTER COLUMN fee_currency SET NOT NULL;
COMMENT ON COLUMN trading.fill.fee IS 'In fee_currency.';
COMMENT ON COLUMN trading.fill.fee_currency IS 'The account''s currency, or the instrument''s base where the fee came out of what was bought.';
COMMENT ON COLUMN trading.orders.fees IS 'In the account''s currency; a fee in another one at the price of its fill.';

-- The paper venue.

ALTER TABLE trading.paper_account ADD COLUMN costs jsonb CHECK (jsonb_typeof(costs) = 'object');
UPDATE trading.paper_account SET costs = jsonb_build_object(
  'fees', jsonb_build_object('maker_bps', fee_bps, 'taker_bps', fee_bps, 'taken_in', 'quote'),
  'spread', jsonb_build_object('type', 'bps', 'bps', 0),
  'slippage', jsonb_build_object('type', 'fixed', 'bps', slippage_bps),
  'latency_ms', 0,
  'participation_max', NULL);
ALTER TABLE trading.paper_account
  ALTER COLUMN costs SET NOT NULL,
  DROP COLUMN fee_bps,
  DROP COLUMN slippage_bps;
COMMENT ON COLUMN trading.paper_account.costs IS 'What trading costs and how orders fill, as the contract has it.';

ALTER TABLE trading.paper_order
  ADD COLUMN order_number bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN stop_price trading.amount CHECK (stop_price > 0),
  ADD COLUMN trail_bps double precision CHECK (trail_bps > 0 AND trail_bps < 10000),
  ADD COLUMN extended_hours boolean NOT NULL DEFAULT false,
  ADD COLUMN reduce_only boolean NOT NULL DEFAULT false,
  ADD COLUMN protection jsonb CHECK (jsonb_typeof(protection) = 'object'),
  ADD COLUMN filled trading.amount NOT NULL DEFAULT 0,
  ADD COLUMN triggered boolean NOT NULL DEFAULT false,
  ADD COLUMN resting boolean NOT NULL DEFAULT false,
  ADD COLUMN best_price trading.amount CHECK (best_price > 0),
  ADD COLUMN parent_broker_order_id text REFERENCES trading.paper_order,
  ADD COLUMN part text CHECK (part IN ('stop', 'target')),
  DROP CONSTRAINT paper_order_order_type_check,
  DROP CONSTRAINT paper_order_time_in_force_check,
  DROP CONSTRAINT paper_order_status_check,
  ADD CONSTRAINT paper_order_order_type_check CHECK (order_type IN ('market', 'limit', 'stop', 'stop_limit', 'trailing_stop')),
  ADD CONSTRAINT paper_order_time_in_force_check CHECK (time_in_force IN ('day', 'gtc', 'ioc', 'fok')),
  ADD CONSTRAINT paper_order_status_check CHECK (status IN ('working', 'filled', 'cancelled', 'expired', 'rejected')),
  ADD CONSTRAINT paper_order_exit_of_bracket CHECK (num_nulls(parent_broker_order_id, part) IN (0, 2)),
  ADD CONSTRAINT paper_order_one_of_each_part UNIQUE (parent_broker_order_id, part);
UPDATE trading.paper_order SET filled = quantity WHERE status = 'filled';
ALTER TABLE trading.paper_order ADD CONSTRAINT paper_order_filled_check
  CHECK (filled >= 0 AND filled <= quantity AND (status = 'filled') = (filled = quantity));
COMMENT ON COLUMN trading.paper_order.order_number IS 'In the order of their coming in: older orders meet a bar first.';
COMMENT ON COLUMN trading.paper_order.placed_at IS 'When it reaches the venue by the clock of the account, latency included; no bar that closed by then can fill it.';
COMMENT ON COLUMN trading.paper_order.triggered IS 'A stop that was touched works as a market or limit order from then on.';
COMMENT ON COLUMN trading.paper_order.resting IS 'Waits in the book since an earlier bar: a limit order fills at its limit from then on, never better.';
COMMENT ON COLUMN trading.paper_order.best_price IS 'Of a trailing stop: the best price since it was placed; null before the first bar.';
COMMENT ON COLUMN trading.paper_order.parent_broker_order_id IS 'The entry that this exit of a bracket protects; the row is there from the entry''s first fill on.';

ALTER TABLE trading.paper_fill ADD COLUMN fee_currency text;
UPDATE trading.paper_fill SET fee_currency = paper_account.currency
  FROM trading.paper_account WHERE paper_account.account = paper_fill.account;
ALTER TABLE trading.paper_fill ALTER COLUMN fee_currency SET NOT NULL;
COMMENT ON COLUMN trading.paper_fill.fee_currency IS 'The account''s currency, or the instrument''s base where the fee came out of what was bought.';

-- The gate.

ALTER TABLE risk.permit ADD COLUMN stop_price numeric CHECK (stop_price > 0 AND stop_price < 'Infinity');

CREATE OR REPLACE VIEW trading.order_exposure AS
  SELECT o.account, o.client_order_id, o.instrument, o.side, o.quantity - o.filled_quantity AS quantity, o.limit_price,
         o.stop_price, entry.client_order_id AS bracket
  FROM trading.orders o LEFT JOIN trading.orders entry ON entry.order_id = o.parent_order_id
  WHERE o.status IN ('SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED');
COMMENT ON COLUMN trading.order_exposure.bracket IS 'Of an exit the entry''s client order id: only one of its exits fills, and none opens a position.';

CREATE FUNCTION risk.kills_in_force() RETURNS TABLE (scope text, level text, killed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT scope, level, killed_at FROM risk.kill WHERE lifted_at IS NULL ORDER BY kill_epoch;
$$;
COMMENT ON FUNCTION risk.kills_in_force IS 'For the executor, which cancels what works in the scope of a kill and increases risk.';
REVOKE ALL ON FUNCTION risk.kills_in_force FROM PUBLIC;
GRANT EXECUTE ON FUNCTION risk.kills_in_force TO aistock_executor;
