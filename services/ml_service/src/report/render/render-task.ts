import { ModelReport } from '@aistock/shared';
import type { StoredReport } from '../store/sign-report.ts';
import { htmlReport } from './html-report.ts';
import { tellReport } from './tell-report.ts';

export interface RenderTask {
  readonly stored: StoredReport;
  readonly as: 'page' | 'paper';
}

/** A page is text, a PDF is bytes. */
export type Rendered = string | Uint8Array<ArrayBuffer>;

/**
 * A stored report as a page or as a PDF; the same report gives the same bytes.
 * @throws ZodError for a report of another format.
 */
export async function renderReport({ stored, as }: RenderTask): Promise<Rendered> {
  const report = ModelReport.parse(JSON.parse(stored.report));
  const told = tellReport({ ...stored, report });
  if (as === 'page') return htmlReport(told);
  // Fonts and all take longer to load than the page to draw.
  const { pdfReport } = await import('./pdf/pdf-report.ts');
  return pdfReport(told, { createdMs: report.created_ms, sha256: stored.sha256 });
}
