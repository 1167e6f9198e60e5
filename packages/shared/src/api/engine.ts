import { backtestRoutes } from './engine/backtest-routes.ts';
import { sessionRoutes } from './engine/session-routes.ts';

export const engineApi = { ...backtestRoutes, ...sessionRoutes } as const;
