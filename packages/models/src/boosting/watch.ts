import type { BoostedTrees } from './boosted-trees.ts';
import type { LabelledRows } from './labelled-rows.ts';
import { objectiveOf, type Objective } from './objective.ts';
import { leafOf, type Tree } from './tree.ts';

/** Follows the loss on rows that training does not see. */
export class Watch {
  /** After each round. */
  readonly losses: number[] = [];
  /** 0 while no round was better than the start score alone. */
  bestRound = 0;
  readonly #rows: LabelledRows;
  readonly #objective: Objective;
  readonly #stopAfterRounds: number;
  readonly #scores: Float64Array;
  #bestLoss: number;

  constructor(
    rows: LabelledRows,
    { objective, startScore }: Pick<BoostedTrees, 'objective' | 'startScore'>,
    stopAfterRounds: number,
  ) {
    this.#rows = rows;
    this.#objective = objectiveOf({ objective });
    this.#stopAfterRounds = stopAfterRounds;
    this.#scores = new Float64Array(rows.labels.length).fill(startScore);
    this.#bestLoss = this.#meanLoss();
  }

  /** False once the last rounds brought nothing. */
  goesOn(tree: Tree): boolean {
    const { columns } = this.#rows;
    for (let row = 0; row < this.#scores.length; row++)
      this.#scores[row] = this.#scores[row]! + tree.leafValues[leafOf(tree, columns, row)]!;
    const loss = this.#meanLoss();
    this.losses.push(loss);
    if (loss < this.#bestLoss) {
      this.#bestLoss = loss;
      this.bestRound = this.losses.length;
    }
    return this.losses.length - this.bestRound < this.#stopAfterRounds;
  }

  #meanLoss(): number {
    const { labels } = this.#rows;
    const total = labels.reduce(
      (sum, label, row) => sum + this.#objective.loss(label, this.#scores[row]!),
      0,
    );
    return total / labels.length;
  }
}
