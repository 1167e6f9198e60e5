export { budgetOf, TRADING_SHARES, type Budget, type BudgetWindow } from './budget.ts';
export { postgresPacer, type PostgresPacerTerms } from './postgres-pacer.ts';
export { readBudgets, type BudgetState } from './read-budgets.ts';
