import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { SignedReport } from './model-report.ts';

const ModelInPath = z.strictObject({ id: z.uuid() });
/** Another thread draws it, and may have to draw others first. */
const RENDER_MS_MAX = 30_000;

export const reportRoutes = {
  modelReport: route({
    method: 'GET',
    path: '/models/:id/report',
    summary:
      'All that was known of a model when it was written, signed; ./scripts/verify --report checks it.',
    roles: READERS,
    params: ModelInPath,
    response: SignedReport,
  }),
  modelReportPage: route({
    method: 'GET',
    path: '/models/:id/report.html',
    summary: 'The same report as a page.',
    roles: READERS,
    params: ModelInPath,
    response: z.string(),
    contentType: 'text/html',
    timeoutMs: RENDER_MS_MAX,
  }),
  modelReportPdf: route({
    method: 'GET',
    path: '/models/:id/report.pdf',
    summary: 'The same report as a PDF; the same report gives the same bytes.',
    roles: READERS,
    params: ModelInPath,
    response: z.instanceof(Uint8Array),
    contentType: 'application/pdf',
    timeoutMs: RENDER_MS_MAX,
  }),
} as const;
