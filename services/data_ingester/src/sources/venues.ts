import { ConfigError } from '@aistock/service-kit';
import type { Budget } from '@aistock/venue-budget';
import { unpaced, type Pacer } from '@aistock/venues';
import { budgetFrom } from './budget-terms.ts';
import type { SourceTerms } from './source-terms.ts';

/** A server of a source, as opposed to files. */
export type WebTermsOf = Exclude<SourceTerms, { kind: 'csv' }>;

/**
 * Whose budget and breaker the requests of a source count for. A source that is sent elsewhere is a venue of its own: a
 * local server neither spends nor bans what the real one allows.
 */
export function venueOf(name: string, terms: WebTermsOf): string {
  if (terms.origin !== undefined) return name;
  return terms.kind === 'ccxt' ? terms.exchange : terms.kind;
}

/**
 * The budgets that the configuration tells, by venue.
 * @throws ConfigError where two sources tell different ones for the same venue.
 */
export function budgetsOf(sources: Readonly<Record<string, SourceTerms>>): Record<string, Budget> {
  const budgets: Record<string, Budget> = {};
  for (const [name, terms] of Object.entries(sources)) {
    if (terms.kind === 'csv' || terms.budget === undefined) continue;
    const venue = venueOf(name, terms);
    const budget = budgetFrom(terms.budget);
    if (budgets[venue] && JSON.stringify(budgets[venue]) !== JSON.stringify(budget))
      throw new ConfigError([
        `SOURCES_FILE: sources.${name}.budget: ${venue} has another budget in another source; it has one for all`,
      ]);
    budgets[venue] = budget;
  }
  return budgets;
}

/** A server elsewhere has the budget that it was given, or none at all. */
export function pacerFor(name: string, terms: WebTermsOf, pacer: Pacer): Pacer {
  if (terms.origin === undefined) return pacer;
  if (terms.budget === undefined) return unpaced;
  return {
    take: (request) => pacer.take({ ...request, venue: name }),
    note: (answer) => pacer.note({ ...answer, venue: name }),
  };
}
