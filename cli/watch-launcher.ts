import { isAlive, type LivingProcess, livingProcess } from './process-identity.ts'

const LOOK_EVERY_MS = 500
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'busybox'])

/**
 * Under `npm start` the process that people know, and kill, is npm; nothing tells its child that it is gone.
 * Calls `onDeath` once when npm, or the shell that it put between, has died. Does nothing when npm did not start this process.
 */
export const watchLauncher = (onDeath: () => void): void => {
  if (process.env.npm_lifecycle_event === undefined) return
  const launchers = ancestorsUpToNpm()
  if (launchers.length === 0) return
  const timer = setInterval(() => {
    if (launchers.every(isAlive)) return
    clearInterval(timer)
    onDeath()
  }, LOOK_EVERY_MS)
  timer.unref()
}

const ancestorsUpToNpm = (): readonly LivingProcess[] => {
  const ancestors: LivingProcess[] = []
  let next = livingProcess(process.ppid)
  while (next !== undefined) {
    ancestors.push(next)
    next = SHELLS.has(next.program) ? livingProcess(next.parentPid) : undefined
  }
  return ancestors
}
