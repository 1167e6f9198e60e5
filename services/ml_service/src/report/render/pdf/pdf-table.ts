import { headText } from '@aistock/report';
import type { Block, Cell } from '../blocks.ts';
import { FONTS, MARGIN, needRoom, roomWidth, SIZES } from './page.ts';
import { colour } from './paper-style.ts';
import { paperText } from './paper-text.ts';

type Table = Extract<Block, { type: 'table' }>;

const PADDING = 3;
const ROW_HEIGHT = 15;
/** So many rows are not parted by the end of a page. */
const ROWS_TOGETHER = 12;
/** No column of sentences is squeezed below this. */
const SENTENCE_MIN = 150;
/** How far the shades of a share go from white to the colour, as in the page. */
const SHADES: Readonly<Record<string, number>> = { up0: 0.08, up1: 0.2, up2: 0.34, up3: 0.5 };

/** A table over as many pages as it takes; each begins with the heads. */
export function drawTable(doc: PDFKit.PDFDocument, { heads, rows }: Table): void {
  doc.font(FONTS.text).fontSize(SIZES.table).fillColor(colour('soft'));
  if (rows.length === 0) {
    doc.text('None.');
    return;
  }
  const columns = columnsOf(doc, heads, rows);
  const titles = heads.map((head) => ({ text: headText(head), mark: 'head' as const }));
  needRoom(doc, (Math.min(rows.length, ROWS_TOGETHER) + 1) * ROW_HEIGHT);
  drawRow(doc, columns, titles);
  for (const row of rows) {
    if (needRoom(doc, heightOf(doc, columns, row))) drawRow(doc, columns, titles);
    drawRow(doc, columns, row);
  }
}

interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

type PaperCell = Cell | { readonly text: string; readonly mark: 'head' };

function columnsOf(doc: PDFKit.PDFDocument, heads: readonly string[], rows: Table['rows']): Column[] {
  let right = MARGIN;
  return columnWidths(doc, heads, rows).map((width, column) => {
    const x = right;
    right += width;
    return { x, width, align: heads[column]!.startsWith('#') ? 'right' : 'left' };
  });
}

function drawRow(doc: PDFKit.PDFDocument, columns: readonly Column[], row: readonly PaperCell[]): void {
  const { y } = doc;
  const height = heightOf(doc, columns, row);
  for (const [index, { x, width, align }] of columns.entries()) {
    const cell = row[index] ?? '';
    const mark = typeof cell === 'object' ? cell.mark : undefined;
    const shade = mark && SHADES[mark];
    if (shade) doc.rect(x, y, width, height).fill(shadeOf(shade));
    doc.font(fontOf(cell)).fillColor(colour(mark === 'failed' ? 'warn' : 'ink'));
    doc.text(textOf(cell), x + PADDING, y + PADDING, { width: width - 2 * PADDING, align });
  }
  const [first, last] = [columns[0]!, columns.at(-1)!];
  doc
    .moveTo(first.x, y + height)
    .lineTo(last.x + last.width, y + height)
    .lineWidth(0.5)
    .stroke(colour('line'));
  doc.x = MARGIN;
  doc.y = y + height;
}

function heightOf(doc: PDFKit.PDFDocument, columns: readonly Column[], row: readonly PaperCell[]): number {
  const heights = columns.map(({ width }, index) => {
    const cell = row[index] ?? '';
    return doc.font(fontOf(cell)).heightOfString(textOf(cell), { width: width - 2 * PADDING });
  });
  return Math.max(...heights) + 2 * PADDING;
}

function fontOf(cell: PaperCell): string {
  const isBold = typeof cell === 'object' && (cell.mark === 'head' || cell.mark === 'failed');
  return isBold ? FONTS.bold : FONTS.text;
}

const textOf = (cell: PaperCell): string => paperText(String(typeof cell === 'object' ? cell.text : cell));

/** The colour of a rise, so far from white. */
function shadeOf(share: number): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = colour('up').split(',').map(Number);
  const mixed = (part: number) => Math.round(255 + (part - 255) * share);
  return [mixed(red), mixed(green), mixed(blue)];
}

/**
 * Each column gets what its longest cell takes, and its part of what is left over; where that is too much the widest one gives,
 * and where that does not do they all do.
 */
function columnWidths(doc: PDFKit.PDFDocument, heads: readonly string[], rows: Table['rows']): number[] {
  const room = roomWidth(doc);
  const natural = heads.map((head, column) => {
    const own = doc.font(FONTS.bold).widthOfString(paperText(headText(head)));
    doc.font(FONTS.text);
    const cells = rows.map((row) => doc.widthOfString(textOf(row[column] ?? '')));
    return Math.ceil(Math.max(own, ...cells)) + 2 * PADDING + 1;
  });
  const total = natural.reduce((sum, width) => sum + width, 0);
  if (total <= room) return natural.map((width) => width + (room - total) / natural.length);
  const widest = natural.indexOf(Math.max(...natural));
  const left = room - (total - natural[widest]!);
  if (left >= SENTENCE_MIN) return natural.with(widest, left);
  return natural.map((width) => (width * room) / total);
}
