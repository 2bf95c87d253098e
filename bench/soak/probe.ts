/**
 * Loaded into the processes of a soak (`--import`): writes, every so often, what only a process itself knows. Before each
 * look it has all garbage collected, so that what is left is what is held.
 */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

export interface ProbeLine {
  readonly at: number
  /** What is left when garbage has been collected. */
  readonly heapMb: number
  readonly loopDelayP99Ms: number
  /** What keeps the process's event loop alive: sockets, timers, files. */
  readonly active: number
}

const { SOAK_FOLDER, SOAK_EVERY_MS } = process.env
const program = process.argv[1] ?? ''
// Of the threads only that in which Temporal's SDK runs the workflows.
const name = isMainThread
  ? /(worker|api)\/main\.ts$/.exec(program)?.[1]
  : program.includes('workflow-worker-thread') && 'workflows'

if (SOAK_FOLDER && name) {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const file = join(SOAK_FOLDER, `${name}.jsonl`)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  setInterval(() => {
    const loopDelayP99Ms = delay.percentile(99) / 1e6
    collectGarbage()
    const line: ProbeLine = {
      at: Date.now(),
      heapMb: process.memoryUsage().heapUsed / 2 ** 20,
      loopDelayP99Ms,
      active: process.getActiveResourcesInfo().length,
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    delay.reset()
  }, Number(SOAK_EVERY_MS)).unref()
}
