import type { Frame } from '@aistock/report';
import type { Html } from '@aistock/service-kit';

/** How a cell is set off: by its verdict, or by how large a share it is, in four steps. */
export type Mark = 'failed' | 'up0' | 'up1' | 'up2' | 'up3';

export type Cell = string | number | { readonly text: string; readonly mark: Mark };

/** A figure with what it is and what belongs to it. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** What a colour of a picture means; `name` is the class that has it. */
export interface KeyEntry {
  readonly shape: 'line' | 'area';
  readonly name: string;
  readonly text: string;
}

/** A part of a report that a page and a PDF show alike. */
export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'text'; readonly text: string; readonly isSoft?: boolean }
  /** Heads are those of `table` of packages/report. */
  | { readonly type: 'table'; readonly heads: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'picture'; readonly frame: Frame; readonly svg: Html }
  | { readonly type: 'key'; readonly entries: readonly KeyEntry[] }
  | { readonly type: 'names'; readonly names: readonly (readonly [name: string, value: string])[] };

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A report as it is told, whatever shows it. */
export interface Told {
  readonly title: string;
  readonly lead: string;
  readonly figures: readonly KeyFigure[];
  readonly sections: readonly Section[];
}

export const heading = (text: string): Block => ({ type: 'heading', text });
export const text = (words: string): Block => ({ type: 'text', text: words });
export const soft = (words: string): Block => ({ type: 'text', text: words, isSoft: true });
export const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): Block => ({
  type: 'table',
  heads,
  rows,
});
