-- What comments promised, kept by the database itself.

-- ml_service puts the deletions that it carries out on the raw log; where bars came from is for data_ingester to say.
CREATE TRIGGER guard_raw_log_writer AFTER INSERT ON ledger.raw_log
  FOR EACH ROW WHEN (session_user = 'aistock_ml_service' AND NEW.kind <> 'deletion')
  EXECUTE FUNCTION ledger.refuse();
ALTER TABLE ledger.raw_log ENABLE ALWAYS TRIGGER guard_raw_log_writer;

CREATE TRIGGER keep_corporate_actions BEFORE UPDATE OR DELETE OR TRUNCATE ON market.corporate_action
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
