import { buffer } from 'node:stream/consumers';
import { minute } from '@aistock/report';
import PdfDocument from 'pdfkit';
import type { Section, Told } from '../blocks.ts';
import { drawBlock, drawFigures, leastHeight } from './draw-blocks.ts';
import { FONTS, MARGIN, needRoom, roomWidth, SIZES } from './page.ts';
import { colour } from './paper-style.ts';
import { paperText } from './paper-text.ts';

/** Of a section's title with the line above it. */
const TITLE_HEIGHT = 40;

/** By what a PDF is named, so that the same report gives the same bytes. */
export interface PaperNames {
  /** When the report was written, Unix ms UTC: also when the PDF says that it was made. */
  readonly createdMs: number;
  readonly sha256: string;
}

/** A report as a PDF: the same sections and pictures as the page. */
export async function pdfReport(told: Told, names: PaperNames): Promise<Uint8Array<ArrayBuffer>> {
  const doc = new PdfDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'en',
    pdfVersion: '1.7',
    displayTitle: true,
    info: {
      Title: paperText(told.title),
      Subject: `Report ${names.sha256}`,
      Creator: 'AIStock',
      Producer: 'AIStock',
      CreationDate: new Date(names.createdMs),
    },
  });
  const written = buffer(doc);
  drawTitle(doc, told);
  drawFigures(doc, told.figures);
  for (const section of told.sections) drawSection(doc, section);
  drawFeet(doc, names);
  doc.end();
  return Uint8Array.from(await written);
}

function drawTitle(doc: PDFKit.PDFDocument, { title, lead }: Told): void {
  doc.font(FONTS.bold).fontSize(SIZES.title).fillColor(colour('ink')).text(paperText(title)).moveDown(0.2);
  doc.font(FONTS.text).fontSize(SIZES.text).text(paperText(lead)).moveDown(0.8);
}

function drawSection(doc: PDFKit.PDFDocument, { title, blocks }: Section): void {
  doc.x = MARGIN;
  needRoom(doc, TITLE_HEIGHT + leastHeight(doc, blocks[0]));
  doc.moveDown(0.6);
  const { y } = doc;
  doc
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + roomWidth(doc), y)
    .lineWidth(0.7)
    .stroke(colour('line'));
  doc.y = y + 8;
  doc.font(FONTS.bold).fontSize(SIZES.section).fillColor(colour('ink')).text(paperText(title)).moveDown(0.35);
  for (const block of blocks) drawBlock(doc, block);
}

/** What every page says at its foot: which report it is of, and which page it is. */
function drawFeet(doc: PDFKit.PDFDocument, { createdMs, sha256 }: PaperNames): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    // Text below the margin would begin another page.
    doc.page.margins.bottom = 0;
    doc.font(FONTS.text).fontSize(SIZES.small).fillColor(colour('soft'));
    const y = doc.page.height - MARGIN + 14;
    const width = roomWidth(doc);
    doc.text(`Written ${minute(createdMs)} UTC, report SHA-256 ${sha256}`, MARGIN, y, {
      width,
      lineBreak: false,
    });
    doc.text(`${page - start + 1} of ${count}`, MARGIN, y, { width, align: 'right', lineBreak: false });
  }
}
