/** The tables and views of schema `ml`, by qualified name. */
export interface MlTables {}
