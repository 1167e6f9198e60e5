import { backtestRoutes } from './engine/backtest-routes.ts';
import { sessionRoutes } from './engine/session-routes.ts';
import { shadowRoutes } from './engine/shadow-routes.ts';

export const engineApi = { ...backtestRoutes, ...sessionRoutes, ...shadowRoutes } as const;
