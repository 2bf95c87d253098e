import { Worker } from 'node:worker_threads'
import type { CheckInput } from '../domain/check/check-definition.ts'
import type { Matrices } from '../store/kept-matrices.ts'
import type { CheckReport } from './check-text.ts'
import { inTurn } from './orders/in-turn.ts'

/** Checks a definition as it is written, in YAML or JSON, for this organisation and by these permission matrices. */
export type CheckProcess = (text: string, organisation: string, matrices: Matrices) => Promise<CheckReport>

/** What of the `processes/` folder a definition is checked against. */
export type CheckSurroundings = Omit<CheckInput, 'definition'>

/** What the thread is given. */
export interface CheckTask {
  readonly text: string
  readonly organisation: string
  readonly surroundings: CheckSurroundings
  /** Holidays are judged from here on. */
  readonly from: string
}

/** A check that takes longer is broken off: what has not been visited is not proven. */
const longestMs = 60_000

/** The no-limbo check beside the requests: exploring takes seconds, and nobody else shall wait for it. One at a time. */
export function checkInThread(
  { calendars, directory, operations }: Omit<CheckSurroundings, 'matrices'>,
  clock: () => Date,
  atMostMs: number = longestMs,
): CheckProcess {
  const turns = inTurn()
  return (text, organisation, matrices) => {
    const surroundings = { calendars, directory, matrices, operations }
    return turns('check', () => explore({ text, organisation, surroundings, from: clock().toISOString() }, atMostMs))
  }
}

async function explore(task: CheckTask, atMostMs: number): Promise<CheckReport> {
  const worker = new Worker(new URL('./check-thread.ts', import.meta.url), { workerData: task })
  // A server that stops does not wait for a verdict.
  worker.unref()
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<CheckReport>((resolve, reject) => {
      timer = setTimeout(() => resolve(brokenOff(atMostMs)), atMostMs)
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the check ended without a verdict')))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

function brokenOff(afterMs: number): CheckReport {
  const mend = `Make the definition simpler (fewer steps side by side): it could not be explored in ${afterMs / 1000} s.`
  return { result: 'unproven', problems: [{ code: 'unproven', line: 1, step: null, mend }], steps: [], states: 0 }
}
