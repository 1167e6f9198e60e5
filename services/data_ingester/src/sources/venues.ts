import { ConfigError } from '@aistock/service-kit';
import { budgetOf, type Budget } from '@aistock/venue-budget';
import { unpaced, type Pacer } from '@aistock/venues';
import { budgetFrom } from './budget-terms.ts';
import type { SourceTerms } from './source-terms.ts';

/** A server of a source, as opposed to files. */
export type WebTermsOf = Exclude<SourceTerms, { kind: 'csv' }>;

/** Another server than the venue's own: one that was told, or the test system of an exchange. */
function isElsewhere(terms: WebTermsOf): boolean {
  return terms.origin !== undefined || (terms.kind === 'ccxt' && terms.sandbox);
}

/**
 * Whose budget and breaker the requests of a source count for. A source that is sent elsewhere is a venue of its own: a
 * local server or a test system neither spends nor bans what the real one allows.
 */
export function venueOf(name: string, terms: WebTermsOf): string {
  if (isElsewhere(terms)) return name;
  return terms.kind === 'ccxt' ? terms.exchange : terms.kind;
}

/**
 * The budgets that the configuration tells, by venue.
 * @throws ConfigError where two sources tell different ones for the same venue.
 */
export function budgetsOf(sources: Readonly<Record<string, SourceTerms>>): Record<string, Budget> {
  const budgets: Record<string, Budget> = {};
  for (const [name, terms] of Object.entries(sources)) {
    if (terms.kind === 'csv') continue;
    const budget = toldBudget(terms);
    if (budget === undefined) continue;
    const venue = venueOf(name, terms);
    if (budgets[venue] && JSON.stringify(budgets[venue]) !== JSON.stringify(budget))
      throw new ConfigError([
        `SOURCES_FILE: sources.${name}.budget: ${venue} has another budget in another source; it has one for all`,
      ]);
    budgets[venue] = budget;
  }
  return budgets;
}

/** The budget that a source tells; a test system has what its exchange is known to allow. */
function toldBudget(terms: WebTermsOf): Budget | undefined {
  if (terms.budget !== undefined) return budgetFrom(terms.budget);
  const isTestSystem = terms.origin === undefined && terms.kind === 'ccxt' && terms.sandbox;
  return isTestSystem ? budgetOf(terms.exchange) : undefined;
}

/** A server elsewhere has the budget that it was given; a server that was told has none unless it was given one. */
export function pacerFor(name: string, terms: WebTermsOf, pacer: Pacer): Pacer {
  if (!isElsewhere(terms)) return pacer;
  if (terms.origin !== undefined && terms.budget === undefined) return unpaced;
  return {
    take: (request) => pacer.take({ ...request, venue: name }),
    note: (answer) => pacer.note({ ...answer, venue: name }),
  };
}
