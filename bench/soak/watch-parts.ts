import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { processUse } from '../installation/process-use.ts'
import type { Installation } from '../installation/start-installation.ts'
import type { Sample, Series } from './judge-growth.ts'
import type { ProbeLine } from './probe.ts'

/** Looks at the processes from outside until it is stopped; what they say of themselves is read at the end. */
export function watchParts(installation: Installation, folder: string, everyMs: number) {
  const { parts, pids } = installation
  const watched = { worker: () => parts.worker.pid, api: () => parts.api.pid, server: () => pids.server }
  const memory = new Map<string, Sample[]>()
  const handles = new Map<string, Sample[]>()
  const look = () => {
    const at = Date.now()
    for (const [name, pidOf] of Object.entries(watched)) {
      const use = processUse(pidOf())
      add(memory, name, { at, value: use.rssMb })
      add(handles, name, { at, value: use.handles })
    }
  }
  const timer = setInterval(look, everyMs)
  return {
    /** Of nolimbo's own parts: what must not grow. */
    stop(): { readonly ours: Series[]; readonly server: Series[] } {
      clearInterval(timer)
      const seen = (name: string): Series[] => [
        { name: `${name}: resident memory`, kind: 'memory', samples: memory.get(name) ?? [] },
        { name: `${name}: open files and sockets`, kind: 'handles', samples: handles.get(name) ?? [] },
      ]
      const ours = (['worker', 'api'] as const).flatMap(name => [...seen(name), ...said(folder, name)])
      return { ours: [...ours, ...said(folder, 'workflows').slice(0, 1)], server: seen('server').slice(0, 1) }
    },
  }
}

function add(to: Map<string, Sample[]>, name: string, sample: Sample): void {
  const known = to.get(name)
  if (known === undefined) to.set(name, [sample])
  else known.push(sample)
}

function said(folder: string, name: string): Series[] {
  const file = join(folder, `${name}.jsonl`)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const read = lines.map(line => JSON.parse(line) as ProbeLine)
  const series = (what: string, kind: Series['kind'], of: (line: ProbeLine) => number): Series => ({
    name: `${name}: ${what}`,
    kind,
    samples: read.map(line => ({ at: line.at, value: of(line) })),
  })
  return [
    series('heap', 'heap', line => line.heapMb),
    series('event-loop delay p99', 'latency', line => line.loopDelayP99Ms),
    series('active resources', 'handles', line => line.active),
  ]
}
