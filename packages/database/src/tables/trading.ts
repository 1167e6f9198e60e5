/** The tables and views of schema `trading`, by qualified name. */
export interface TradingTables {}
