/**
 * Loaded into the processes of a soak (`--import`): writes, every so often, what only a process itself knows. It changes
 * nothing else in them.
 */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

export interface ProbeLine {
  readonly at: number
  /** The least of a while: what is left when garbage has been collected. */
  readonly heapMb: number
  readonly loopDelayP99Ms: number
  /** What keeps the process's event loop alive: sockets, timers, files. */
  readonly active: number
}

const lookMs = 500
const { SOAK_FOLDER, SOAK_EVERY_MS } = process.env
const program = process.argv[1] ?? ''
// Of the threads only that in which Temporal's SDK runs the workflows.
const name = isMainThread
  ? /(worker|api)\/main\.ts$/.exec(program)?.[1]
  : program.includes('workflow-worker-thread') && 'workflows'

if (SOAK_FOLDER && name) {
  const file = join(SOAK_FOLDER, `${name}.jsonl`)
  const everyMs = Number(SOAK_EVERY_MS)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let least = Number.POSITIVE_INFINITY
  let writtenAt = Date.now()
  setInterval(() => {
    least = Math.min(least, process.memoryUsage().heapUsed)
    if (Date.now() - writtenAt < everyMs) return
    writtenAt = Date.now()
    const line: ProbeLine = {
      at: writtenAt,
      heapMb: least / 2 ** 20,
      loopDelayP99Ms: delay.percentile(99) / 1e6,
      active: process.getActiveResourcesInfo().length,
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    least = Number.POSITIVE_INFINITY
    delay.reset()
  }, lookMs).unref()
}
