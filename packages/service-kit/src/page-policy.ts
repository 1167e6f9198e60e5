import { createHash } from 'node:crypto';

/**
 * The content security policy of a page: nothing is loaded, nothing runs, nothing is sent, nothing may frame it, and the
 * only styles that count are those given here, by their hashes.
 * @param styles - the text between the tags of each `<style>` element, character by character.
 */
export function pagePolicy(styles: readonly string[]): string {
  return `${savedPagePolicy(styles)}; frame-ancestors 'none'`;
}

/** The same for the page itself to carry; there browsers do not take a word on frames. */
export function savedPagePolicy(styles: readonly string[]): string {
  const hashes = styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  const allowed = hashes.length === 0 ? "'none'" : hashes.join(' ');
  return `default-src 'none'; style-src ${allowed}; base-uri 'none'; form-action 'none'`;
}
