import type { Family } from '../hmm.ts';
import { categoricalFamily } from './categorical.ts';
import type { EmissionFamily } from './emission-family.ts';
import { gaussianFamily } from './gaussian.ts';
import { mixtureFamily } from './mixture.ts';
import { studentTFamily } from './student-t.ts';

const FAMILIES: Readonly<Record<Family, EmissionFamily>> = {
  gaussian: gaussianFamily,
  student_t: studentTFamily,
  categorical: categoricalFamily,
  mixture: mixtureFamily,
};

/** The family of a model, size or statistics by its name; it is only ever given what bears that name. */
export function familyOf(name: Family): EmissionFamily {
  return FAMILIES[name];
}
