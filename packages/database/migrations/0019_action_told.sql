-- In which shares a dividend is told, where a source works splits into what it gives.

ALTER TABLE market.corporate_action ADD COLUMN told_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN market.corporate_action.told_at IS 'When it was told. A source that adjusts for splits tells dividends in the shares of that time.';
