/** So many thousandths of a decimal number, exactly, cut off at one decimal more than the number has. */
export function thousandthsOf(text: string, thousandths: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const decimals = Math.min(fraction.length + 1, DECIMALS_MAX);
  const scaled = BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
  return unscaled((scaled * BigInt(thousandths)) / 1000n, decimals);
}

/** As many as the stack keeps of a number. */
const DECIMALS_MAX = 12;

function unscaled(scaled: bigint, decimals: number): string {
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - decimals);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
