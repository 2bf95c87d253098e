/**
 * Runs one command and never lets it outlive the process that started this guardian, even when that is killed with -9:
 * the IPC channel to it then closes. Used by `spawnPart`: `node cli/guardian.ts <graceMs> -- <command> <args...>`
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** What a guardian tells its parent. */
export type GuardianMessage =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'ended'; readonly code: number | null; readonly signal: NodeJS.Signals | null }

const ORPHAN_GRACE_MS = 3_000

const guard = (graceMs: number, command: string, args: readonly string[]): void => {
  // Output goes straight to the parent's pipes: copying it could lose the last words.
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const end = (withinMs: number) => (): void => {
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), withinMs)
  }

  child.on('spawn', () => tell({ type: 'started', pid: child.pid! }))
  child.on('error', error => {
    if (child.pid === undefined) leave({ type: 'failed', reason: error.message }, 127)
  })
  child.on('exit', (code, signal) => {
    leave({ type: 'ended', code, signal }, code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
  const endOrphan = end(Math.min(graceMs, ORPHAN_GRACE_MS))
  process.on('disconnect', endOrphan)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end(graceMs))
  // The parent may have died before anybody listened.
  if (!process.connected) endOrphan()
}

const tell = (message: GuardianMessage, then: () => void = () => {}): void => {
  if (!process.connected) then()
  else process.send!(message, undefined, undefined, () => then())
}

const leave = (message: GuardianMessage, code: number): void => tell(message, () => process.exit(code))

const [graceMs, separator, command, ...args] = process.argv.slice(2)
if (separator !== '--' || command === undefined || process.send === undefined) {
  console.error('guardian.ts is started by nolimbo itself: node cli/guardian.ts <graceMs> -- <command> <args...>')
  process.exit(2)
}
guard(Number(graceMs), command, args)
