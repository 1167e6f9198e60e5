/** What the commands of this folder end with; 69 and 78 are those of sysexits.h. */
export const EXIT = { done: 0, failed: 1, usage: 2, config: 78, stopped: 130 } as const;
