import type { NoteKey } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import type { LakeFiles } from '@aistock/lake';
import type { Clock, Logger } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import type { Strategies } from '@aistock/strategy-schemas';
import type { Config } from '../config.ts';
import type { trainInThread } from './thread/train-in-thread.ts';
import type { BarPlaces } from './thread/training-task.ts';

export interface TrainingContext {
  readonly db: Db;
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly lake: LakeFiles;
  /** Where the threads read from. */
  readonly places: BarPlaces;
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose gates may judge a model. */
  readonly strategies: Strategies;
  /** Of the sources that train. */
  readonly codeVersion: string;
  /** Who signs reports of models. */
  readonly signer: NoteKey;
  /** How a task is done; in a thread of its own unless a test gives another way. */
  readonly train?: typeof trainInThread;
}
