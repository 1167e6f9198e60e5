const BAR_WIDTH = 24;

/** A share from 0 to 1 as a bar and a number. */
export function progressBar(share: number): string {
  const full = Math.floor(share * BAR_WIDTH);
  return `[${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)} %`;
}
