/** Says what is going on, one line a step, on standard error. */
export interface Progress {
  /** Runs a step; `note` replaces what is said about it. */
  step<Result>(title: string, work: (note: (text: string) => void) => Promise<Result>): Promise<Result>;
}

const TITLE_WIDTH = 46;

export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const line = (mark: string, title: string, text: string) => `${mark} ${title.padEnd(TITLE_WIDTH)} ${text}`;

/** Progress on a terminal: a line that changes while it works; elsewhere, one line when a step is done. */
export function createProgress(out: Terminal): Progress {
  const paint = (code: number, text: string) => (out.isTTY ? `\u001B[${code}m${text}\u001B[0m` : text);
  return {
    async step(title, work) {
      const startedMs = performance.now();
      let said = '';
      const show = (text: string) => {
        said = text;
        if (out.isTTY) out.write(`\r\u001B[K${line(paint(36, '…'), title, text)}`);
      };
      show('');
      const finish = (mark: string, text: string) => {
        const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
        out.write(
          `${out.isTTY ? '\r\u001B[K' : ''}${line(mark, title, `${text}${text ? ', ' : ''}${seconds} s`)}\n`,
        );
      };
      try {
        const result = await work(show);
        finish(paint(32, '✓'), said);
        return result;
      } catch (error) {
        finish(paint(31, '✗'), said);
        throw error;
      }
    },
  };
}
