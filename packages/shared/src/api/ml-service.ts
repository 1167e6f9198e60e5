import { featureRoutes } from './ml/feature-routes.ts';
import { forecastRoutes } from './ml/forecast-routes.ts';
import { regimeRoutes } from './ml/regime-routes.ts';
import { registryRoutes } from './ml/registry-routes.ts';
import { reportRoutes } from './ml/report-routes.ts';
import { modelShadowRoutes } from './ml/shadow-routes.ts';
import { trainingRoutes } from './ml/training-routes.ts';

export const mlServiceApi = {
  ...trainingRoutes,
  ...registryRoutes,
  ...reportRoutes,
  ...modelShadowRoutes,
  ...regimeRoutes,
  ...forecastRoutes,
  ...featureRoutes,
} as const;
