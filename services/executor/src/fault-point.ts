export const FAULT_POINTS = ['before_send', 'after_send', 'after_match'] as const;

/** Where a test ends the process: no cleaning up, as a power cut would. */
export interface Fault {
  readonly point: (typeof FAULT_POINTS)[number];
  /** The n-th time that this process comes there, from 1: by orders sent, or by times that bars met orders on paper. */
  readonly atOrder: number;
}

/** Called at each fault point with how often the process has come there; kills it where the fault is for that. */
export type FaultPoint = (point: Fault['point'], number: number) => void;

export function faultPoint(fault: Fault | undefined): FaultPoint {
  return (point, number) => {
    if (fault?.point === point && fault.atOrder === number) process.kill(process.pid, 'SIGKILL');
  };
}
