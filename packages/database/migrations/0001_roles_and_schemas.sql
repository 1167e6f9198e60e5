-- One schema for each owner, one role for each service. A role may use its own schemas and the few
-- functions and views that another owner grants it; docs/database.md lists every such grant.

DO $$
DECLARE
  service text;
BEGIN
  FOREACH service IN ARRAY ARRAY['data_ingester', 'param_controller', 'ml_service', 'risk_gate', 'executor', 'auditor', 'engine']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aistock_' || service) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', 'aistock_' || service);
    END IF;
    EXECUTE format('ALTER ROLE %I SET search_path = ''''', 'aistock_' || service);
    EXECUTE format('ALTER ROLE %I SET statement_timeout = ''30s''', 'aistock_' || service);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''30s''', 'aistock_' || service);
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA market;
CREATE SCHEMA ledger;
CREATE SCHEMA params;
CREATE SCHEMA ml;
CREATE SCHEMA risk;
CREATE SCHEMA trading;
CREATE SCHEMA audit;

GRANT USAGE ON SCHEMA market, ledger TO aistock_data_ingester;
GRANT USAGE ON SCHEMA params TO aistock_param_controller;
GRANT USAGE ON SCHEMA ml, ledger TO aistock_ml_service;
GRANT USAGE ON SCHEMA risk TO aistock_risk_gate;
GRANT USAGE ON SCHEMA trading TO aistock_executor;
GRANT USAGE ON SCHEMA audit TO aistock_auditor;
