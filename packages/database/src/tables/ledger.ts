/** The tables and views of schema `ledger`, by qualified name. */
export interface LedgerTables {}
