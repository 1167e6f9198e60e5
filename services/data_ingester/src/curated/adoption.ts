import type { Logger } from '@aistock/service-kit';
import { adoptFiles, type LostBars } from './adopt-files.ts';
import type { Curated } from './compact-stream.ts';

/** Whether every registered file is in the catalogue of the curated store. */
export interface Adoption {
  /**
   * Files whose bars are nowhere to be found, once all others are in the catalogue; none in a sound lake. A run that
   * failed, as without a database, is made again by the next question.
   */
  lostBars(): Promise<readonly LostBars[]>;
  /** The same, after another look at what was lost. */
  again(): Promise<readonly LostBars[]>;
}

export function adoption(curated: Curated, logger: Logger): Adoption {
  let known: Promise<readonly LostBars[]> | undefined;
  const look = async (): Promise<readonly LostBars[]> => {
    const { adopted, lost } = await adoptFiles(curated);
    if (adopted > 0) logger.info('registered files brought into the curated store', { adopted });
    for (const file of lost) logger.error('bars of a registered file are lost', { ...file });
    return lost;
  };
  const again = (): Promise<readonly LostBars[]> => {
    const looking = look();
    known = looking;
    looking.catch(() => {
      if (known === looking) known = undefined;
    });
    return looking;
  };
  return { lostBars: () => known ?? again(), again };
}
