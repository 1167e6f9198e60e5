import { COST_SCENARIOS } from './cost-scenarios.ts';
import { DATA_SCENARIOS } from './data-scenarios.ts';
import { PRICE_SCENARIOS } from './price-scenarios.ts';
import type { Scenario } from './scenario.ts';

export type { Scenario, ScenarioInputs } from './scenario.ts';

/** What every period can be asked again, by name. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map(
  [...PRICE_SCENARIOS, ...COST_SCENARIOS, ...DATA_SCENARIOS].map((scenario) => [scenario.name, scenario]),
);
