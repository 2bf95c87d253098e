import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GuardianMessage } from './guardian.ts'

/** How a program ended: exactly one of the two is set. */
export type PartEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

const OUTPUT_TIMEOUT_MS = 1_000

export type ChildEnd = {
  /** Fulfilled when the child has exited. */
  readonly exited: Promise<void>
  /** Fulfilled when all its output has been read, or at the latest a second after the call. */
  readonly outputRead: () => Promise<void>
  /** How the program ended: what its guardian said, else how the child itself ended. */
  readonly end: () => PartEnd
}

/** Follows a child from its start, because its end may come before anybody asks. */
export const followEnd = (child: ChildProcess, isGuardian: boolean): ChildEnd => {
  let toldByGuardian: PartEnd | undefined
  if (isGuardian) {
    child.on('message', (message: GuardianMessage) => {
      if (message.type === 'ended') toldByGuardian = { code: message.code, signal: message.signal }
    })
  }
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  return {
    exited,
    // A grandchild may hold the output open for ever.
    outputRead: () => Promise.race([closed, sleep(OUTPUT_TIMEOUT_MS, undefined, { ref: false })]),
    end: () => toldByGuardian ?? { code: child.exitCode, signal: child.signalCode },
  }
}
