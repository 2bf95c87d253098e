/** `node cli/main.ts up` as people run it: processes of its own, free ports, a data folder that is removed at the end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { livingProcess } from '../../cli/process-identity.ts'
import { steadyPort } from '../steady-port.ts'
import { temporalProgram } from '../temporal.ts'
import { type Installation, installation } from './installation.ts'
import { processTree } from './process-tree.ts'

/** What stays the same from one start to the next. */
export interface Place {
  readonly folder: string
  readonly ports: { readonly api: number; readonly temporal: number; readonly ui: number; readonly sandbox: number }
}

const repository = join(import.meta.dirname, '../..')
const startLimitMs = 150_000
const places: Place[] = []
const running = new Set<RunningNolimbo>()

export async function newPlace(): Promise<Place> {
  const ports = new Set<number>()
  while (ports.size < 4) ports.add(await steadyPort())
  const [api, temporal, ui, sandbox] = [...ports] as [number, number, number, number]
  const place = { folder: mkdtempSync(join(tmpdir(), 'nolimbo-e2e-')), ports: { api, temporal, ui, sandbox } }
  places.push(place)
  return place
}

export async function spawnUp(place: Place, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) {
  const { folder, ports } = place
  const child = spawn(process.execPath, [join(repository, 'cli/main.ts'), 'up', ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NOLIMBO_DATA: folder,
      PORT: String(ports.api),
      TEMPORAL_PORT: String(ports.temporal),
      TEMPORAL_UI_PORT: String(ports.ui),
      SANDBOX_PORT: String(ports.sandbox),
      TEMPORAL_CLI: (await temporalProgram()).path,
      // As under npm: it ends when this process dies, however it dies.
      npm_lifecycle_event: 'start',
      ...more,
    },
  })
  const lines: string[] = []
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', line => lines.push(line))
  return { child, lines }
}

/** Starts it and waits until it says that it is up. */
export async function startNolimbo(place: Place, args: readonly string[] = []): Promise<RunningNolimbo> {
  const { child, lines } = await spawnUp(place, args)
  const nolimbo = new RunningNolimbo(place, child, lines)
  running.add(nolimbo)
  await nolimbo.untilSaid(/^nolimbo is up/, startLimitMs)
  return nolimbo
}

export class RunningNolimbo implements Installation {
  readonly place: Place
  readonly temporalAddress: string
  readonly ask: Installation['ask']
  readonly sandbox: Installation['sandbox']
  /** Everything that it has printed. */
  readonly lines: readonly string[]
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  constructor(place: Place, child: ChildProcess, lines: readonly string[]) {
    this.place = place
    const { api, sandbox, temporal } = place.ports
    this.temporalAddress = `127.0.0.1:${temporal}`
    const asked = installation(`http://127.0.0.1:${api}`, `http://127.0.0.1:${sandbox}`, this.temporalAddress)
    this.ask = asked.ask
    this.sandbox = asked.sandbox
    this.lines = lines
    this.#child = child
    this.#exited = once(child, 'close')
  }

  get pid(): number {
    return this.#child.pid!
  }

  processes(): readonly number[] {
    return processTree(this.pid)
  }

  /** The line, once it is there. */
  async untilSaid(pattern: RegExp, limitMs: number): Promise<string> {
    for (const giveUpAt = performance.now() + limitMs; performance.now() < giveUpAt; await pause(20)) {
      const line = this.lines.find(candidate => pattern.test(candidate))
      if (line !== undefined) return line
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) break
    }
    throw new Error(`never said ${pattern}, only:\n${this.lines.join('\n')}`)
  }

  /** SIGKILL to all of them at the same instant: `pids` were looked up before, because that takes its time. */
  async killNine(pids: readonly number[] = this.processes()): Promise<void> {
    for (const pid of pids) kill(pid, 'SIGKILL')
    await this.#exited
    await untilGone(pids)
    running.delete(this)
  }

  /** SIGKILL to the start command alone; fulfilled when what it had started has ended by itself, within 10 s. */
  async killMain(pids: readonly number[] = this.processes()): Promise<void> {
    kill(this.pid, 'SIGKILL')
    await untilGone(pids, 10_000)
    running.delete(this)
  }

  /** Ctrl-C; answers with the exit code. */
  async interrupt(): Promise<number | null> {
    kill(this.pid, 'SIGINT')
    await this.#exited
    running.delete(this)
    return this.#child.exitCode
  }
}

/** A process that has ended already is left in peace. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** @throws Error if one of them still lives after `withinMs` */
export async function untilGone(pids: readonly number[], withinMs = 5_000): Promise<void> {
  for (const giveUpAt = performance.now() + withinMs; ; await pause(20)) {
    const living = pids.filter(pid => livingProcess(pid) !== undefined)
    if (living.length === 0) return
    if (performance.now() > giveUpAt) throw new Error(`still running after ${withinMs} ms: ${living.join(', ')}`)
  }
}

/** At the end of a suite, however it went. */
export async function endWhatIsLeft(): Promise<void> {
  for (const nolimbo of running) await nolimbo.killNine()
  for (const { folder } of places.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
