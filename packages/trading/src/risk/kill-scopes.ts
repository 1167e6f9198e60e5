/** The scopes of kill switches that cover an order. */
export function killScopes(order: {
  readonly account: string;
  readonly strategy: string;
  readonly instrument: string;
}): ReadonlySet<string> {
  const { account, strategy, instrument } = order;
  return new Set(['firm', `account:${account}`, `strategy:${strategy}`, `instrument:${instrument}`]);
}
