/** The tables and views of schema `risk`, by qualified name. */
export interface RiskTables {}
