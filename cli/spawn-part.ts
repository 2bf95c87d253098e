import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { followEnd, type PartEnd } from './child-end.ts'
import { endProcesses } from './end-processes.ts'
import type { GuardianMessage } from './guardian.ts'
import { livingProcess, type ProcessIdentity } from './process-identity.ts'
import type { RunningRecord } from './running.ts'

/**
 * A process to start. `guarded`: any program, kept by a guardian. `own`: a node program of ours that calls `endWithParent`;
 * `command` is then its file.
 */
export type PartSpec = {
  readonly name: string
  readonly kind: 'guarded' | 'own'
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** What it gets between SIGTERM and SIGKILL. */
  readonly graceMs?: number
  /** Each line it writes, without prefix; by default printed as `[name] line`. */
  readonly onLine?: (line: string) => void
  /** What an `own` part sends. */
  readonly onMessage?: (message: unknown) => void
  readonly running?: RunningRecord
}

export type Part = {
  readonly name: string
  /** Of the program itself, not of its guardian. */
  readonly pid: number
  /** Fulfilled, never rejected, when the program has ended for whatever reason. */
  readonly ended: Promise<PartEnd>
  /** The last lines that it wrote, for error messages. */
  readonly lastLines: () => readonly string[]
  /** Ends it and waits until it is gone; harmless when it has ended already. */
  readonly stop: () => Promise<PartEnd>
  /** To an `own` part; lost when it has ended. */
  readonly send: (message: object) => void
}

const DEFAULT_GRACE_MS = 3_000
const GUARDIAN_SLACK_MS = 1_500
const LINES_KEPT = 30
const GUARDIAN_FILE = join(import.meta.dirname, 'guardian.ts')

/**
 * Starts a part in a session of its own: Ctrl-C in the terminal then reaches only the start command, which stops its parts in order.
 * Whether it is started again after its end is the caller's business.
 * @throws if the program cannot be started
 */
export const spawnPart = async (spec: PartSpec): Promise<Part> => {
  const graceMs = spec.graceMs ?? DEFAULT_GRACE_MS
  const child = spawn(process.execPath, nodeArguments(spec, graceMs), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: spec.env ?? process.env,
    detached: true,
  })
  const lines = followOutput(child, spec.onLine ?? (line => console.log(`[${spec.name}] ${line}`)))
  if (spec.kind === 'own') child.on('message', message => spec.onMessage?.(message))
  const childEnd = followEnd(child, spec.kind === 'guarded')
  const program = identify(await startedPid(spec, child))
  spec.running?.add(spec.name, program.pid)

  const ended = childEnd.exited.then(async () => {
    // A guardian that was killed leaves its program behind, with its ports and files.
    await endProcesses([program], graceMs).catch((error: Error) => console.error(error.message))
    await childEnd.outputRead()
    spec.running?.remove(program.pid)
    return childEnd.end()
  })
  return {
    name: spec.name,
    pid: program.pid,
    ended,
    lastLines: () => lines.slice(-LINES_KEPT),
    stop: async () => {
      child.kill('SIGTERM')
      const forced = setTimeout(() => child.kill('SIGKILL'), graceMs + GUARDIAN_SLACK_MS)
      try {
        return await ended
      } finally {
        clearTimeout(forced)
      }
    },
    send: message => {
      if (child.connected) child.send(message)
    },
  }
}

const nodeArguments = (spec: PartSpec, graceMs: number): readonly string[] => {
  switch (spec.kind) {
    case 'guarded':
      return [GUARDIAN_FILE, String(graceMs), '--', spec.command, ...spec.args]
    case 'own':
      return [spec.command, ...spec.args]
    default:
      return spec.kind satisfies never
  }
}

const followOutput = (child: ChildProcess, onLine: (line: string) => void): string[] => {
  const lines: string[] = []
  for (const input of [child.stdout!, child.stderr!]) {
    createInterface({ input }).on('line', line => {
      lines.push(line)
      if (lines.length > 2 * LINES_KEPT) lines.splice(0, LINES_KEPT)
      onLine(line)
    })
  }
  return lines
}

const identify = (pid: number): ProcessIdentity => {
  const living = livingProcess(pid)
  // One that has ended already matches nothing, so nobody else is ended in its place.
  return { pid, startMark: living?.startMark ?? 'ended at once' }
}

const startedPid = (spec: PartSpec, child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    if (spec.kind === 'own') {
      child.once('spawn', () => resolve(child.pid!))
      return
    }
    child.once('exit', () => reject(new Error(`The guardian of ${spec.name} ended before it started the program.`)))
    child.once('message', (message: GuardianMessage) => {
      if (message.type === 'started') resolve(message.pid)
      if (message.type === 'failed') reject(new Error(`${spec.name} could not be started: ${message.reason}`))
    })
  })
