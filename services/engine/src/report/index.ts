export { renderReport } from './render-report.ts';
export type { RegimeFrom, ReportedChart, ReportedRun, ReportInput } from './report-input.ts';
export { REPORT_STYLE } from './report-style.ts';
export { tradesCsv } from './trades-csv.ts';
