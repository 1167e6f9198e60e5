/** Standard fonts of PDF: nothing is embedded, and every reader has them. */
export const FONTS = { text: 'Helvetica', bold: 'Helvetica-Bold', code: 'Courier' } as const;
export const SIZES = { title: 18, section: 13, heading: 10.5, text: 9, table: 8, small: 7 } as const;
export const MARGIN = 42;

/** Width between the margins. */
export function roomWidth({ page }: PDFKit.PDFDocument): number {
  return page.width - 2 * MARGIN;
}

/** A new page where less than this is left of the one at hand. @returns whether it was. */
export function needRoom(doc: PDFKit.PDFDocument, height: number): boolean {
  if (doc.y + height <= doc.page.height - MARGIN) return false;
  doc.addPage();
  return true;
}
