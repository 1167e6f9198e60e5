import type { SignedReport } from '@aistock/shared';
import type { Section, Told } from './blocks.ts';
import { calibrations } from './sections/calibrations.ts';
import { comparisons } from './sections/comparisons.ts';
import { drift } from './sections/drift.ts';
import { fit } from './sections/fit.ts';
import { forecast } from './sections/forecast.ts';
import { gates } from './sections/gates.ts';
import { keyFigures } from './sections/key-figures.ts';
import { lead, title } from './sections/lead.ts';
import { origin } from './sections/origin.ts';
import { prices } from './sections/prices.ts';
import { states } from './sections/states.ts';
import { walkForward } from './sections/walk-forward.ts';

/** The report of a model, section by section; those that its kind has nothing to say in are left out. */
export function tellReport(signed: SignedReport): Told {
  const { report } = signed;
  const sections: readonly Section[] = [
    { id: 'prices', title: report.regimes ? 'Prices and regimes' : 'Prices', blocks: prices(report) },
    { id: 'gates', title: 'Gates', blocks: gates(report) },
    { id: 'states', title: 'States', blocks: states(report) },
    { id: 'forecast', title: 'What it tells', blocks: forecast(report) },
    { id: 'fit', title: 'The fit', blocks: fit(report) },
    { id: 'comparisons', title: 'Against others', blocks: comparisons(report) },
    { id: 'calibration', title: 'Calibration', blocks: calibrations(report) },
    { id: 'walk-forward', title: 'Walking forward', blocks: walkForward(report) },
    { id: 'drift', title: 'Drift', blocks: drift(report) },
    { id: 'origin', title: 'Where it comes from', blocks: origin(signed) },
  ];
  return {
    title: title(report),
    lead: lead(report),
    figures: keyFigures(report),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  };
}
