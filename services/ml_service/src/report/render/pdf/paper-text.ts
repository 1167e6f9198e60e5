/** What the standard fonts of PDF have besides Latin-1 (Windows-1252, which PDF calls WinAnsiEncoding). */
const EXTRA = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** A text as the standard fonts can set it: a minus is a hyphen, and what they do not have is a question mark. */
export function paperText(text: string): string {
  return Array.from(text.replaceAll('\u2212', '-'), (character) =>
    isPrintable(character) ? character : '?',
  ).join('');
}

function isPrintable(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xff) ||
    code === 0x0a ||
    EXTRA.includes(character)
  );
}
