import { PICTURE_WIDTH } from '@aistock/report';
import svgToPdf from 'svg-to-pdfkit';
import type { Block, KeyEntry, KeyFigure } from '../blocks.ts';
import { noSuchBlock, swatch } from '../html-report.ts';
import { FONTS, MARGIN, needRoom, roomWidth, SIZES } from './page.ts';
import { colour, PAPER_STYLE } from './paper-style.ts';
import { paperText } from './paper-text.ts';
import { drawTable } from './pdf-table.ts';

const FIGURES_A_ROW = 4;
const FIGURE_HEIGHT = 50;
const GAP = 6;
const SWATCH = 8;
const NAME_WIDTH = 130;

/** Draws a block below what is there, on a new page where it needs one. */
export function drawBlock(doc: PDFKit.PDFDocument, block: Block): void {
  doc.x = MARGIN;
  switch (block.type) {
    case 'heading':
      return drawHeading(doc, block.text);
    case 'text':
      return drawText(doc, block.text, block.isSoft ? 'soft' : 'ink');
    case 'table':
      drawTable(doc, block);
      doc.moveDown(0.6);
      return;
    case 'picture':
      return drawPicture(doc, block);
    case 'key':
      return drawKey(doc, block.entries);
    case 'names':
      return drawNames(doc, block.names);
    default:
      return noSuchBlock(block);
  }
}

function drawHeading(doc: PDFKit.PDFDocument, text: string): void {
  needRoom(doc, 70);
  doc.font(FONTS.bold).fontSize(SIZES.heading).fillColor(colour('ink')).text(paperText(text)).moveDown(0.25);
}

function drawText(doc: PDFKit.PDFDocument, text: string, ink: string): void {
  doc.font(FONTS.text).fontSize(SIZES.text).fillColor(colour(ink)).text(paperText(text)).moveDown(0.5);
}

/** How much room the first part of a block takes at least, so that a title stays with it. */
export function leastHeight(doc: PDFKit.PDFDocument, block: Block | undefined): number {
  return block?.type === 'picture' ? pictureHeight(doc, block) : 70;
}

type Picture = Extract<Block, { type: 'picture' }>;

function pictureHeight(doc: PDFKit.PDFDocument, { frame }: Picture): number {
  return (frame.height * roomWidth(doc)) / PICTURE_WIDTH;
}

function drawPicture(doc: PDFKit.PDFDocument, block: Picture): void {
  const width = roomWidth(doc);
  const height = pictureHeight(doc, block);
  needRoom(doc, height);
  const { y } = doc;
  drawSvg(doc, block.svg.text, { x: MARGIN, y, width, height });
  doc.x = MARGIN;
  doc.y = y + height + GAP;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @throws Error for what the SVG has and paper does not: a report shows all of it or none. */
function drawSvg(doc: PDFKit.PDFDocument, svg: string, { x, y, width, height }: Place): void {
  const styled = svg.replace('>', `><style>${PAPER_STYLE}</style>`);
  svgToPdf(doc, paperText(styled), x, y, {
    width,
    height,
    assumePt: true,
    warningCallback: (warning) => {
      throw new Error(`a picture cannot be put on paper: ${warning}`);
    },
  });
}

function drawKey(doc: PDFKit.PDFDocument, entries: readonly KeyEntry[]): void {
  doc.font(FONTS.text).fontSize(SIZES.table);
  needRoom(doc, 2 * SIZES.table);
  const right = MARGIN + roomWidth(doc);
  let [x, { y }] = [MARGIN, doc];
  for (const entry of entries) {
    const text = paperText(entry.text);
    const width = SWATCH + 4 + doc.widthOfString(text) + 12;
    if (x + width > right && x > MARGIN) [x, y] = [MARGIN, y + 1.4 * SIZES.table];
    drawSvg(doc, swatch(entry).text, { x, y, width: SWATCH, height: SWATCH });
    doc.font(FONTS.text).fontSize(SIZES.table).fillColor(colour('soft'));
    doc.text(text, x + SWATCH + 4, y, { lineBreak: false });
    x += width;
  }
  doc.x = MARGIN;
  doc.y = y + 2 * SIZES.table;
}

function drawNames(doc: PDFKit.PDFDocument, names: readonly (readonly [string, string])[]): void {
  const width = roomWidth(doc) - NAME_WIDTH;
  for (const [name, value] of names) {
    doc.font(FONTS.code).fontSize(SIZES.small);
    const text = paperText(value);
    const height = Math.max(doc.heightOfString(text, { width }), SIZES.table) + 2;
    needRoom(doc, height);
    const { y } = doc;
    doc
      .font(FONTS.text)
      .fontSize(SIZES.small + 0.5)
      .fillColor(colour('soft'))
      .text(paperText(name), MARGIN, y, { width: NAME_WIDTH - GAP });
    doc.font(FONTS.code).fontSize(SIZES.small).fillColor(colour('ink'));
    doc.text(text, MARGIN + NAME_WIDTH, y, { width });
    doc.x = MARGIN;
    doc.y = Math.max(doc.y, y + height);
  }
  doc.moveDown(0.5);
}

/** The figures that are looked at first, in rows of boxes. */
export function drawFigures(doc: PDFKit.PDFDocument, figures: readonly KeyFigure[]): void {
  const width = (roomWidth(doc) - (FIGURES_A_ROW - 1) * GAP) / FIGURES_A_ROW;
  const top = doc.y;
  for (const [index, { name, value, note }] of figures.entries()) {
    const x = MARGIN + (index % FIGURES_A_ROW) * (width + GAP);
    const y = top + Math.floor(index / FIGURES_A_ROW) * (FIGURE_HEIGHT + GAP);
    doc.roundedRect(x, y, width, FIGURE_HEIGHT, 4).fill(colour('card'));
    const line = (text: string, below: number) =>
      doc.text(paperText(text), x + 6, y + below, { width: width - 12, height: 18, ellipsis: true });
    doc
      .font(FONTS.text)
      .fontSize(SIZES.small + 0.5)
      .fillColor(colour('soft'));
    line(name, 5);
    doc
      .font(FONTS.bold)
      .fontSize(SIZES.heading + 0.5)
      .fillColor(colour('ink'));
    line(value, 15);
    doc.font(FONTS.text).fontSize(SIZES.small).fillColor(colour('soft'));
    line(note, 30);
  }
  doc.x = MARGIN;
  doc.y = top + Math.ceil(figures.length / FIGURES_A_ROW) * (FIGURE_HEIGHT + GAP) + GAP;
}
