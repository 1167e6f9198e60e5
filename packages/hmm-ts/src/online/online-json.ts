import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import { badField, fieldsOf, numberOf, numbersOf, plain } from '../json-fields.ts';
import { modelFromJson, modelToJson, type HmmJson } from '../json.ts';
import { checkDistribution } from '../markov-chain.ts';
import type { OnlineEm } from './online-em.ts';
import { statisticsLength } from './running-statistics.ts';

const FORMAT = 'hmm_online_em/1';

/** A state of online EM as plain JSON; numbers come back bit for bit, so that a resumed run goes on as if never stopped. */
export interface OnlineEmJson {
  readonly format: typeof FORMAT;
  readonly model: HmmJson;
  readonly rows: number;
  readonly filtered: number[];
  readonly running: number[];
}

export function onlineToJson({ model, rows, filtered, running }: OnlineEm): OnlineEmJson {
  return {
    format: FORMAT,
    model: modelToJson(model),
    rows,
    filtered: plain(filtered),
    running: plain(running),
  };
}

/** @throws HmmError `bad_model`, naming the field, for anything that is not a whole, sound state. */
export function onlineFromJson(json: unknown): OnlineEm {
  const fields = fieldsOf(json, 'state');
  if (fields['format'] !== FORMAT) throw badField('format', `"${FORMAT}"`);
  const model: Hmm = modelFromJson(fields['model']);
  const rows = numberOf(fields['rows'], 'rows');
  if (rows < 0) throw badField('rows', 'from 0');
  const filtered = numbersOf(fields['filtered'], 'filtered');
  if (filtered.length > 0) {
    if (filtered.length !== model.states) throw badField('filtered', `empty or ${model.states} numbers`);
    checkDistribution(filtered, 'filtered');
  }
  const running = numbersOf(fields['running'], 'running');
  const length = model.states * statisticsLength(model);
  if (running.length !== length) throw new HmmError('bad_model', `running must be ${length} numbers`);
  return { model, rows, filtered, running };
}
