import type { LakeResult } from './verify-lake.ts';

const FINDINGS_SHOWN = 20;
const DAYS_SHOWN = 31;

/** What was found, as a table for people. */
export function describeLake(result: LakeResult): string {
  const { place, verified, with_database: withDatabase, findings, findings_total: total } = result;
  const lines = [
    `${place}: ${verified ? 'verified' : 'NOT VERIFIED'}${withDatabase ? '' : ', without the database'}`,
    '',
    ...table([
      ['day (UTC)', 'answers', 'files', 'deletions'],
      ...result.days.slice(-DAYS_SHOWN).map((day) => [day.day, day.answers, day.files, day.deletions]),
    ]),
    '',
    ...table([
      ['folder', 'checked', 'deleted'],
      ...Object.entries(result.folders).map(([name, { checked, deleted }]) => [name, checked, deleted]),
    ]),
  ];
  const { not_exported: notExported, anchored } = result;
  if (anchored > 0) lines.push('', `${anchored} records are on the verified audit log`);
  if (notExported > 0)
    lines.push(
      '',
      `${notExported} records are only in the database yet; data_ingester copies them into the lake`,
    );
  if (total > 0) lines.push('', `${total} findings`);
  for (const { day, position, path, problem } of findings.slice(0, FINDINGS_SHOWN))
    lines.push(
      `  ${day === null ? 'no record' : `${day} record ${position}`}: ${path ? `${path}: ` : ''}${problem}`,
    );
  if (total > FINDINGS_SHOWN) lines.push(`  and ${total - FINDINGS_SHOWN} more; --json shows up to 1000`);
  return lines.join('\n');
}

function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map(String));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
