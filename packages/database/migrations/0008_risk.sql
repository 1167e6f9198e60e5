-- Limits, kill switches, permits and denials.

CREATE TABLE risk.limits (
  account text NOT NULL CHECK (account ~ '^[a-z][a-z0-9_]{0,47}$'),
  version integer NOT NULL CHECK (version > 0),
  limits jsonb NOT NULL CHECK (jsonb_typeof(limits) = 'object'),
  set_by text NOT NULL,
  reason text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account, version)
);
COMMENT ON TABLE risk.limits IS 'Limits of each account; the highest version is in force, the others are kept.';
COMMENT ON COLUMN risk.limits.limits IS 'As the contract of risk_gate has them: decimal strings, units in the names.';

CREATE TABLE risk.kill_epoch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch bigint NOT NULL CHECK (epoch >= 0)
);
COMMENT ON TABLE risk.kill_epoch IS 'One row. Grows with every kill and resume; a permit is good for the epoch that it was issued in.';
INSERT INTO risk.kill_epoch (epoch) VALUES (0);

CREATE FUNCTION risk.refuse_smaller_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch <= OLD.epoch THEN
    RAISE EXCEPTION 'the kill epoch only grows, from % to % it would not', OLD.epoch, NEW.epoch;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER epoch_grows BEFORE UPDATE ON risk.kill_epoch
  FOR EACH ROW EXECUTE FUNCTION risk.refuse_smaller_epoch();

CREATE TABLE risk.kill (
  kill_id uuid PRIMARY KEY,
  scope text NOT NULL CHECK (scope ~ '^(firm|account:.+|strategy:.+|instrument:.+)$'),
  level text NOT NULL CHECK (level IN ('reducing', 'halted')),
  killed_by text NOT NULL,
  reason text NOT NULL,
  killed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kill_epoch bigint NOT NULL UNIQUE,
  lifted_by text,
  lift_reason text,
  lifted_at timestamptz,
  CHECK (num_nulls(lifted_by, lift_reason, lifted_at) IN (0, 3))
);
COMMENT ON TABLE risk.kill IS 'Kill switches; one is on until a named operator lifts it. Restarts change nothing.';
CREATE INDEX kill_on ON risk.kill (scope) WHERE lifted_at IS NULL;

CREATE TABLE risk.permit_key (
  key_id uuid PRIMARY KEY,
  public_key text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE risk.permit_key IS 'Public keys of permits; a private key never leaves the process of risk_gate that made it.';
COMMENT ON COLUMN risk.permit_key.public_key IS 'Ed25519, SPKI DER in base64.';

CREATE TABLE risk.permit (
  permit_id uuid PRIMARY KEY,
  key_id uuid NOT NULL REFERENCES risk.permit_key,
  account text NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 'Infinity'),
  limit_price numeric CHECK (limit_price > 0 AND limit_price < 'Infinity'),
  reference_price numeric NOT NULL CHECK (reference_price > 0 AND reference_price < 'Infinity'),
  client_order_id text NOT NULL,
  decision_id text NOT NULL,
  terms_sha256 text NOT NULL CHECK (terms_sha256 ~ '^[0-9a-f]{64}$'),
  limits_version integer NOT NULL,
  kill_epoch bigint NOT NULL,
  as_of timestamptz NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  signature text NOT NULL,
  FOREIGN KEY (account, limits_version) REFERENCES risk.limits,
  CHECK (expires_at > issued_at AND expires_at <= issued_at + interval '2 seconds')
);
COMMENT ON TABLE risk.permit IS 'Every permit issued. One that has not run out counts as an order until the order is in the books.';
COMMENT ON COLUMN risk.permit.reference_price IS 'The price that the order was judged by, in the account''s currency.';
COMMENT ON COLUMN risk.permit.as_of IS 'When the decision was made, by the clock of the account.';
CREATE INDEX permit_by_client_order ON risk.permit (account, client_order_id);
CREATE INDEX permit_by_expiry ON risk.permit (account, expires_at);
CREATE INDEX permit_by_decision_time ON risk.permit (account, instrument, as_of);

CREATE TABLE risk.denial (
  denial_id uuid PRIMARY KEY,
  account text NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  client_order_id text NOT NULL,
  decision_id text NOT NULL,
  terms_sha256 text NOT NULL CHECK (terms_sha256 ~ '^[0-9a-f]{64}$'),
  denials jsonb NOT NULL CHECK (jsonb_array_length(denials) > 0),
  as_of timestamptz NOT NULL,
  denied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE risk.denial IS 'Every order refused, with every reason.';
CREATE INDEX denial_by_age ON risk.denial (account, denied_at);

GRANT SELECT, INSERT ON risk.limits, risk.permit_key, risk.permit, risk.denial TO aistock_risk_gate;
GRANT SELECT, INSERT, UPDATE ON risk.kill TO aistock_risk_gate;
GRANT SELECT, UPDATE ON risk.kill_epoch TO aistock_risk_gate;

-- Advisory locks are granted in the order of asking. Row locks alone would let a steady stream of sends, which
-- share the row, keep a kill waiting.
CREATE FUNCTION risk.raise_kill_epoch() RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('risk.kill_epoch', 0));
  UPDATE risk.kill_epoch SET epoch = epoch + 1;
  RETURN (SELECT epoch FROM risk.kill_epoch);
END $$;
COMMENT ON FUNCTION risk.raise_kill_epoch IS 'Ends the validity of every permit; waits for the sends that have read the epoch, and for no others.';
REVOKE ALL ON FUNCTION risk.raise_kill_epoch, risk.refuse_smaller_epoch FROM PUBLIC;
GRANT EXECUTE ON FUNCTION risk.raise_kill_epoch TO aistock_risk_gate;

-- What the executor needs in order to trust a permit.

CREATE FUNCTION risk.current_kill_epoch_for_share() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  current_epoch bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('risk.kill_epoch', 0));
  SELECT epoch INTO STRICT current_epoch FROM risk.kill_epoch FOR SHARE;
  RETURN current_epoch;
END $$;
COMMENT ON FUNCTION risk.current_kill_epoch_for_share IS 'The kill epoch, locked: no kill is acknowledged until the caller''s transaction has ended.';

CREATE FUNCTION risk.permit_public_key(key_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT public_key FROM risk.permit_key WHERE permit_key.key_id = permit_public_key.key_id;
$$;
COMMENT ON FUNCTION risk.permit_public_key IS 'The public key of a permit; null for a key that risk_gate never registered.';

REVOKE ALL ON FUNCTION risk.current_kill_epoch_for_share, risk.permit_public_key FROM PUBLIC;
GRANT USAGE ON SCHEMA risk TO aistock_executor;
GRANT EXECUTE ON FUNCTION risk.current_kill_epoch_for_share, risk.permit_public_key TO aistock_executor;
