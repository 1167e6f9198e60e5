import type { Db } from '@aistock/database';
import { ServiceError, type Handlers, type RequestContext } from '@aistock/service-kit';
import type { ModelReport, reportRoutes } from '@aistock/shared';
import { runInThread } from '../run-in-thread.ts';
import { createTurns } from '../turns.ts';
import type { Rendered, RenderTask } from './render/render-task.ts';
import { findReport } from './store/report-rows.ts';

const WORKER = new URL('./render/render-worker.ts', import.meta.url);
const RENDER = 'render';
/** Pages and PDFs that are drawn or wait for it; one is drawn at a time, so that drawing never takes more than one core. */
const OPEN_MAX = 16;

/** Reports as they are stored; pages and PDFs are drawn in a thread of their own, so that the service goes on answering. */
export function reportHandlers(db: Db): Handlers<typeof reportRoutes> {
  const turns = createTurns();
  let open = 0;
  const render = async (modelId: string, as: RenderTask['as'], context: RequestContext) => {
    const stored = await findReport(db, modelId);
    if (open >= OPEN_MAX)
      throw new ServiceError('reports_busy', 503, `${OPEN_MAX} reports wait to be drawn; try again later`);
    open++;
    const signal = AbortSignal.any([context.signal, context.gone]);
    const task: RenderTask = { stored, as };
    try {
      return await turns.run(RENDER, () => runInThread<Rendered>(WORKER, task, { signal }));
    } finally {
      open--;
    }
  };
  return {
    modelReport: async ({ params }) => {
      const { report, ...signed } = await findReport(db, params.id);
      // The contract is checked where every answer is.
      return { ...signed, report: JSON.parse(report) as ModelReport };
    },
    modelReportPage: async ({ params }, context) => String(await render(params.id, 'page', context)),
    modelReportPdf: async ({ params }, context) => {
      const pdf = await render(params.id, 'paper', context);
      if (typeof pdf === 'string') throw new TypeError('a PDF is bytes');
      return pdf;
    },
  };
}
