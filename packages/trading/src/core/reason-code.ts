/** The stable code of a reason that a number may follow: `limit_cap` of `limit_cap 0.2`. */
export function reasonCode(reason: string): string {
  const end = reason.indexOf(' ');
  return end === -1 ? reason : reason.slice(0, end);
}
