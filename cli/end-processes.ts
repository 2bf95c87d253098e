import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessIdentity } from './process-identity.ts'

const POLL_MS = 50
const KILL_TIMEOUT_MS = 5_000

/**
 * Ends exactly these processes and waits until they are gone: SIGTERM, and SIGKILL to those that still live after `graceMs`.
 * @throws if one of them lives on after SIGKILL
 */
export const endProcesses = async (identities: readonly ProcessIdentity[], graceMs: number): Promise<void> => {
  signalAll(identities, 'SIGTERM')
  if (await allGone(identities, graceMs)) return
  signalAll(identities, 'SIGKILL')
  if (await allGone(identities, KILL_TIMEOUT_MS)) return
  const pids = identities.filter(isAlive).map(({ pid }) => pid)
  throw new Error(
    `Could not end process ${pids.join(', ')}: it lives on after SIGKILL. End it by hand and start again.`,
  )
}

const signalAll = (identities: readonly ProcessIdentity[], signal: NodeJS.Signals): void => {
  for (const identity of identities.filter(isAlive)) {
    try {
      process.kill(identity.pid, signal)
    } catch (error) {
      // It may end by itself between the look and the signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

const allGone = async (identities: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> => {
  const giveUpAt = performance.now() + timeoutMs
  while (identities.some(isAlive)) {
    if (performance.now() >= giveUpAt) return false
    await sleep(POLL_MS)
  }
  return true
}
