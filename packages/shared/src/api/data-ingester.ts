import { actionRoutes } from './market/action-routes.ts';
import { backfillRoutes } from './market/backfill-routes.ts';
import { barRoutes } from './market/bar-routes.ts';
import { fileRoutes } from './market/file-routes.ts';
import { qualityRoutes } from './market/quality-routes.ts';
import { streamRoutes } from './market/stream-routes.ts';
import { universeRoutes } from './market/universe-routes.ts';

export const dataIngesterApi = {
  ...streamRoutes,
  ...backfillRoutes,
  ...qualityRoutes,
  ...barRoutes,
  ...actionRoutes,
  ...universeRoutes,
  ...fileRoutes,
} as const;
