import { percent } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import { minimumTrackRecord, probabilisticSharpe, sharpeRecordOf } from '@aistock/trading/honesty';
import type { ReportInput } from '../report-input.ts';

const CONFIDENCE = 0.95;

/** How sure the Sharpe ratio is: by itself, after the trials that led to it, and how long a record it would take. */
export function sharpe({ performance: made, trials, deflatedSharpe }: ReportInput): Html {
  const record = sharpeRecordOf(made.daily);
  if (record === null)
    return html`<p>There are too few days, or too few that differ, for a Sharpe ratio.</p>`;
  const needed = minimumTrackRecord(record, 0, CONFIDENCE);
  const tried =
    trials === null
      ? 'How many configurations were tried was not counted.'
      : `After ${trials} configurations were tried it is ${percent(deflatedSharpe)} that it is above what luck explains.`;
  const length =
    needed === null
      ? 'No record is long enough to say so of a ratio that is not above zero'
      : `To say so with ${percent(CONFIDENCE, 0)} takes ${Math.ceil(needed).toLocaleString('en-US')} days`;
  return html`<h3>The Sharpe ratio</h3>
    <p>
      By itself, the probability that the true ratio is above zero is
      ${percent(probabilisticSharpe(record, 0))}. ${tried} ${length}; there are
      ${record.observations.toLocaleString('en-US')}.
    </p>`;
}
