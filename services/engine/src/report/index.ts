export { renderReport } from './render-report.ts';
export type { ReportedChart, ReportedRun, ReportInput } from './report-input.ts';
export { tradesCsv } from './trades-csv.ts';
