import type { ProofReport } from './run-proof.ts';

/** What was promised and not kept, in words; none where all is proved. */
export function faultsOf({ terms, taken, comparison, ledger, misbehaved }: ProofReport): string[] {
  const faults: string[] = [];
  if (comparison.different > 0)
    faults.push(`${comparison.different} bars are not the truth: ${comparison.examples.join('; ')}`);
  const missing = misbehaved['missing_bar'] ?? 0;
  if (comparison.compared !== terms.bars - missing)
    faults.push(`${comparison.compared} bars were compared, not ${terms.bars - missing}`);
  if (ledger.wentBack > 0) faults.push(`the watermark went back ${ledger.wentBack} times`);
  if (ledger.watermarkChanges === 0) faults.push('no change of the watermark was seen at all');
  if (ledger.overlaps > 0) faults.push(`${ledger.overlaps} pairs of files overlap`);
  if (taken.killed !== terms.kills) faults.push(`${taken.killed} kills, not ${terms.kills}`);
  const unseen = Object.entries(misbehaved).filter(([, count]) => count === 0);
  if (unseen.length > 0) faults.push(`the venue never did ${unseen.map(([kind]) => kind).join(', ')}`);
  return faults;
}
