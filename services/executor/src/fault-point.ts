/** Where a test ends the process: no cleaning up, as a power cut would. */
export interface Fault {
  readonly point: 'before_send' | 'after_send';
  /** For the n-th order that this process sends, from 1. */
  readonly atOrder: number;
}

/** Called at each fault point with the number of the order; kills the process where the fault is for it. */
export type FaultPoint = (point: Fault['point'], orderNumber: number) => void;

export function faultPoint(fault: Fault | undefined): FaultPoint {
  return (point, orderNumber) => {
    if (fault?.point === point && fault.atOrder === orderNumber) process.kill(process.pid, 'SIGKILL');
  };
}
